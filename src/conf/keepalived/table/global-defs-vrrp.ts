// global_defs: defaults of all instances.

import { flag, keyword, single, synonym, toggle } from "./entries.ts";
import { garpKeywords } from "./garp.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import {
  address4,
  address6,
  argument,
  choice,
  form,
  integer,
  longestUsS,
  optional,
  seconds,
  text,
  uintMax,
} from "./kinds.ts";

const ownSockets = "the buffers have the system's size";

const extraInterfaces = keyword(
  "vrrp_garp_extra_if",
  "How often gratuitous ARP goes out on interfaces that hold addresses of an instance but not its adverts. Without `all` only on virtual MAC interfaces.",
  [
    optional("all", choice(["all"], "the word is ignored")),
    argument("SECONDS", integer(1, 86_400, "it stays off", "seconds")),
  ],
  { unset: "off", withoutArgument: "it stays off" },
);

/** The defaults of instances. */
export const vrrpKeywords: readonly KeywordSpec[] = [
  single(
    "vrrp_version",
    "The version of VRRP of all instances that name none. IPv6 is always version 3.",
    "VERSION",
    choice(["2", "3"], "version 2 counts"),
    { default: "2" },
  ),
  single(
    "vrrp_mcast_group4",
    "The multicast group to which IPv4 instances send their adverts.",
    "ADDRESS",
    address4,
    { default: "224.0.0.18" },
  ),
  single(
    "vrrp_mcast_group6",
    "The multicast group to which IPv6 instances send their adverts.",
    "ADDRESS",
    address6,
    { default: "ff02::12" },
  ),
  ...garpKeywords("vrrp_"),
  single(
    "vrrp_down_timer_adverts",
    "How many adverts must be missing before a BACKUP takes over.",
    "COUNT",
    integer(1, 100, "3 counts"),
    { default: "3" },
  ),
  single(
    "vrrp_garp_interval",
    "The pause between two gratuitous ARP messages on an interface.",
    "SECONDS",
    seconds(0.000_001, longestUsS, "there is no pause"),
    { unset: "no pause" },
  ),
  single(
    "vrrp_gna_interval",
    "The pause between two unsolicited neighbour advertisements on an interface.",
    "SECONDS",
    seconds(0.000_001, longestUsS, "there is no pause"),
    { unset: "no pause" },
  ),
  toggle(
    "vrrp_min_garp",
    "Sends a single gratuitous ARP message for each address, and no second set.",
    { default: "off" },
  ),
  extraInterfaces,
  synonym("vrrp_vmac_garp_intvl", extraInterfaces, "An old spelling of `vrrp_garp_extra_if`.", {
    deprecated: { advice: "write `vrrp_garp_extra_if`", rename: "vrrp_garp_extra_if" },
  }),
  toggle(
    "vrrp_lower_prio_no_advert",
    "Keeps a MASTER from answering an advert of lower priority with one of its own.",
    { unset: "off, and on with `vrrp_strict`" },
  ),
  toggle(
    "vrrp_higher_prio_send_advert",
    "Sends one more advert before yielding to a higher priority, so that the new MASTER announces its addresses again.",
    { unset: "on while both routers have the same interval, off with `vrrp_strict`" },
  ),
  flag(
    "vrrp_check_unicast_src",
    "Drops unicast adverts whose sender is none of the listed peers, which Keelson does anyway.",
  ),
  toggle(
    "vrrp_skip_check_adv_addr",
    "Compares the addresses of an advert with the configured ones only when the sender is a new one.",
    { default: "off" },
  ),
  toggle(
    "vrrp_strict",
    "Keeps to the RFC in all instances: no unicast, no authentication, no delay before preempting, and addresses that do not accept packets.",
    { default: "off" },
  ),
  toggle(
    "vrrp_owner_ignore_adverts",
    "Makes the owner of an address [priority 255] ignore all adverts, as the RFC wants.",
    {
      unset: "off, and on with `vrrp_strict`",
      since: "after 2.2.7",
    },
  ),
  toggle(
    "v3_checksum_as_v2",
    "Leaves the pseudo-header out of the checksum of IPv4 adverts of version 3, for peers that do so.",
    {
      default: "off",
      since: "after 2.2.7",
    },
  ),
  single(
    "vrrp_startup_delay",
    "How long all instances stay silent after the start; for networks that come up late.",
    "SECONDS",
    seconds(0.001, longestUsS, "there is no delay"),
    { unset: "no delay" },
  ),
  single(
    "vrrp_delay_after_boot",
    "As `vrrp_startup_delay`, counted from the boot of the machine; the later of the two counts.",
    "SECONDS",
    seconds(0.001, longestUsS, "there is no delay"),
    { unset: "no delay", since: "after 2.2.7" },
  ),
  flag("log_unknown_vrids", "Logs adverts of VRIDs that are not configured."),
  flag(
    "disable_local_igmp",
    "Tells the kernel not to report membership in link-local multicast groups.",
  ),
  single("vmac_prefix", "What the names of virtual MAC interfaces begin with.", "PREFIX", text, {
    default: "vrrp",
  }),
  single(
    "vmac_addr_prefix",
    "What the names of virtual MAC interfaces of single addresses begin with.",
    "PREFIX",
    text,
    { unset: "what `vmac_prefix` says" },
  ),
  single(
    "vrrp_rx_bufs_policy",
    "How large the receive buffers of adverts are: by the interface's MTU, by the size of an advert, or a number of bytes.",
    "POLICY",
    form("MTU, ADVERT or BYTES", (word) => {
      if (word === "MTU" || word === "ADVERT") return { ok: true, value: word };
      if (/^\d{1,10}$/.test(word) && Number(word) <= uintMax)
        return { ok: true, value: Number(word) };
      return {
        ok: false,
        message: `\`${word}\` is neither MTU nor ADVERT nor a number of bytes`,
        otherwise: { instead: "the system's size counts" },
      };
    }),
    {
      unset: "the system's size",
      withoutArgument: "the system's size counts",
      missing: ownSockets,
    },
  ),
  single(
    "vrrp_rx_bufs_multiplier",
    "By what `vrrp_rx_bufs_policy` is multiplied.",
    "FACTOR",
    integer(1, uintMax, "3 counts"),
    { default: "3", withoutArgument: "3 counts", missing: ownSockets },
  ),
];
