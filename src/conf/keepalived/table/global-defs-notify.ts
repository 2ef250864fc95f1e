// global_defs: events to programs: FIFOs, SNMP and D-Bus.

import { flag, keyword, single, synonym, toggle } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { argument, commandWithUser, optional, path, seconds, text } from "./kinds.ts";

const alwaysFresh = "the figures are never older than a second";
const neverWithout = "no instance is without an interface";

function fifoKeywords(prefix: "" | "vrrp_" | "lvs_", events: string): readonly KeywordSpec[] {
  return [
    keyword(
      `${prefix}notify_fifo`,
      `A FIFO to which ${events} are written, one a line; made when it does not exist.`,
      [argument("FIFO", path), optional("USER", text), optional("GROUP", text)],
      { withoutArgument: "there is no FIFO" },
    ),
    keyword(
      `${prefix}notify_fifo_script`,
      `The program that reads \`${prefix}notify_fifo\`; the name of the FIFO is its last argument.`,
      commandWithUser,
      { withoutArgument: "no program runs" },
    ),
  ];
}

const snmpVrrp = flag("enable_snmp_vrrp", "Serves the VRRP part of KEEPALIVED-MIB.");

const statsSeconds = seconds(0.001, 30, "the default counts");

/** The event keywords of global_defs. */
export const notifyKeywords: readonly KeywordSpec[] = [
  ...fifoKeywords("", "all events"),
  ...fifoKeywords("vrrp_", "events of instances and sync groups"),
  ...fifoKeywords("lvs_", "events of virtual servers and real servers"),
  toggle("vrrp_notify_priority_changes", "Writes changes of priority to the FIFOs as well.", {
    default: "off",
  }),
  flag("fifo_write_vrrp_states_on_reload", "Writes all states to the FIFOs at each reload."),
  single(
    "notify_timeout",
    "How long one notify program may run before it is ended, so that those behind it get their turn.",
    "SECONDS",
    seconds(0.1, 86_400, "the default counts"),
    { default: "60", ours: true },
  ),
  single(
    "snmp_socket",
    "Where the SNMP master agent listens, such as `udp:192.0.2.1:705`.",
    "SOCKET",
    text,
    {
      default: "unix:/var/agentx/master",
      withoutArgument: "the default socket counts",
    },
  ),
  flag("enable_traps", "Sends SNMP traps."),
  snmpVrrp,
  synonym("enable_snmp_keepalived", snmpVrrp, "An old spelling of `enable_snmp_vrrp`.", {
    deprecated: { advice: "write `enable_snmp_vrrp`", rename: "enable_snmp_vrrp" },
  }),
  flag("enable_snmp_rfc", "Serves the MIBs of RFC 2787 and RFC 6527."),
  flag("enable_snmp_rfcv2", "Serves the MIB of RFC 2787."),
  flag("enable_snmp_rfcv3", "Serves the MIB of RFC 6527."),
  flag("enable_snmp_checker", "Serves the LVS part of KEEPALIVED-MIB."),
  single(
    "snmp_vs_stats_update_interval",
    "How old the figures of virtual servers may be that SNMP shows.",
    "SECONDS",
    statsSeconds,
    { default: "5", since: "after 2.2.7", missing: alwaysFresh },
  ),
  single(
    "snmp_rs_stats_update_interval",
    "How old the figures of real servers may be that SNMP shows.",
    "SECONDS",
    statsSeconds,
    {
      unset: "they are read with those of their virtual server",
      since: "after 2.2.7",
      missing: alwaysFresh,
    },
  ),
  flag("enable_dbus", "Offers a service on D-Bus."),
  single("dbus_service_name", "The name of the service on D-Bus.", "NAME", text, {
    default: "org.keepalived.Vrrp1",
    withoutArgument: "the default name counts",
  }),
  single(
    "dbus_no_interface_name",
    "What stands on D-Bus in the place of an interface for instances that have none.",
    "NAME",
    text,
    { since: "after 2.2.7", missing: neverWithout },
  ),
];
