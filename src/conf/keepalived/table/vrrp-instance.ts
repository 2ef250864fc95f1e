// vrrp_instance: one virtual router.

import { virtualAddressLine } from "./address-lines.ts";
import { authHmacBlock } from "./auth-hmac.ts";
import { authenticationBlock } from "./authentication.ts";
import { flag, keyword, single, synonym, toggle, withBlock, withLines } from "./entries.ts";
import { garpKeywords } from "./garp.ts";
import type { BlockSpec, KeywordSpec } from "./keyword-spec.ts";
import {
  argument,
  choice,
  command,
  commandWithUser,
  integer,
  interfaceName,
  optional,
  text,
} from "./kinds.ts";
import { notifyKeywordsOf } from "./notify-scripts.ts";
import { routeLine } from "./route-lines.ts";
import { ruleLine } from "./rule-lines.ts";
import { trackKeywords } from "./track-lines.ts";
import { vipLeaseKeyword } from "./vip-lease.ts";
import { electionKeywords } from "./vrrp-instance-election.ts";
import { linkKeywords } from "./vrrp-instance-link.ts";
import { witnessKeywords } from "./witness.ts";

const extraInterfaces = keyword(
  "garp_extra_if",
  "How often gratuitous ARP goes out on interfaces that hold addresses of the instance but not its adverts; 0: never. Without `all` only on virtual MAC interfaces.",
  [
    optional("all", choice(["all"], "the word is ignored")),
    argument("SECONDS", integer(0, 86_400, "the global value counts", "seconds")),
  ],
  {
    unset: "what global_defs says",
    withoutArgument: "the global value counts",
  },
);

const objectKeywords: readonly KeywordSpec[] = [
  withLines(
    "virtual_ipaddress",
    "The addresses that the MASTER holds, and that its adverts list. All are of one family.",
    [],
    virtualAddressLine,
  ),
  withLines(
    "virtual_ipaddress_excluded",
    "More addresses that the MASTER holds and that adverts do not list; they may be of the other family.",
    [],
    virtualAddressLine,
  ),
  flag(
    "dual_stack",
    "Lets virtual_ipaddress have addresses of both families. Each family has adverts of its own, with the same virtual_router_id, and both move together.",
    { ours: true },
  ),
  flag(
    "no_virtual_ipaddress",
    "Says that the instance has no address on purpose; it then only elects.",
    {
      since: "after 2.2.7",
    },
  ),
  withLines("virtual_routes", "The routes that the MASTER installs.", [], routeLine("virtual"), {}),
  withLines(
    "virtual_rules",
    "The routing rules that the MASTER installs.",
    [],
    ruleLine("virtual"),
    {},
  ),
  flag(
    "accept",
    "Takes packets to the addresses, which is what happens anyway unless the mode is strict.",
  ),
  flag(
    "no_accept",
    "Drops packets to the addresses unless this node owns them [priority 255].",
    {},
  ),
];

const eventKeywords: readonly KeywordSpec[] = [
  ...notifyKeywordsOf("instance"),
  keyword(
    "notify_deleted",
    "Tells programs DELETED and not FAULT when a reload removes the instance; a program of its own may run.",
    [optional("COMMAND", command), optional("USER", text), optional("GROUP", text)],
  ),
  keyword(
    "notify_master_rx_lower_pri",
    "Runs when a MASTER hears an advert of lower priority, so that it can set right what the other one has changed elsewhere.",
    commandWithUser,
  ),
  toggle("notify_priority_changes", "Writes changes of priority to the FIFOs as well.", {
    unset: "what the sync group or global_defs says",
  }),
  toggle("smtp_alert", "Sends a mail at each change of state.", {
    unset: "what global_defs says, else off",
  }),
  single(
    "debug",
    "The level of debugging, which does nothing.",
    "LEVEL",
    integer(0, 4, "0 counts"),
    {
      default: "0",
      missing: "nothing: keepalived gives it no meaning",
    },
  ),
  single(
    "lvs_sync_daemon_interface",
    "Copies connections to the other director over this interface.",
    "INTERFACE",
    interfaceName,
    {
      deprecated: { advice: "write `lvs_sync_daemon` in global_defs" },
      missing: "connections are not copied to the other director",
    },
  ),
];

/** The block vrrp_instance. */
export const vrrpInstanceBlock: BlockSpec = {
  path: "vrrp_instance",
  summary:
    "One virtual router: addresses that exactly one of several nodes holds, the one with the highest priority.",
  keywords: [
    ...electionKeywords,
    ...linkKeywords,
    ...objectKeywords,
    vipLeaseKeyword("what global_defs says, else auto"),
    ...trackKeywords("the instance"),
    ...witnessKeywords,
    ...garpKeywords(""),
    extraInterfaces,
    synonym("vmac_garp_intvl", extraInterfaces, "An old spelling of `garp_extra_if`.", {
      deprecated: { advice: "write `garp_extra_if`", rename: "garp_extra_if" },
    }),
    ...eventKeywords,
    withBlock("authentication", "The password of version 2.", [], authenticationBlock),
    withBlock("auth_hmac", "Signs adverts with a key that every node has.", [], authHmacBlock, {
      since: "2.4.0",
    }),
  ],
};
