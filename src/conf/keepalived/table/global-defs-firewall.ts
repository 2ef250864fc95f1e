// global_defs: the firewall rules that keepalived makes for addresses and for groups of virtual servers.

import { flag, keyword, single } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { integer, intMax, optional, text, uintMax } from "./kinds.ts";

const missing = "the rules are in nftables, in tables named `keelson_vrrp`";
const int32 = (otherwise: string): ReturnType<typeof integer> =>
  integer(-intMax - 1, intMax, otherwise);

/** The firewall keywords of global_defs. */
export const firewallKeywords: readonly KeywordSpec[] = [
  keyword(
    "vrrp_iptables",
    "The iptables chains for the rules of instances that do not accept packets to their addresses; INPUT and OUTPUT when none is named.",
    [optional("CHAIN_IN", text), optional("CHAIN_OUT", text)],
    { missing },
  ),
  keyword(
    "vrrp_ipsets",
    "The names of the ipsets that go with the iptables rules; without a name no ipset is used.",
    [
      optional("SET4", text),
      optional("SET6", text),
      optional("SET_IF6", text),
      optional("SET_IGMP", text),
      optional("SET_MLD", text),
      optional("SET_ND", text),
    ],
    { missing },
  ),
  keyword(
    "nftables",
    "Uses nftables for the rules of instances, in a table of this name.",
    [optional("TABLE", text)],
    { unset: "the table `keepalived`, when a rule is needed", missing },
  ),
  single(
    "nftables_priority",
    "The priority of the chains in that table.",
    "PRIORITY",
    int32("-1 counts"),
    {
      default: "-1",
      missing,
    },
  ),
  flag("nftables_ifindex", "Names interfaces in these rules by number and not by name.", {
    missing,
  }),
  flag("nftables_counters", "Puts a counter into each of these rules.", { missing }),
  keyword(
    "nftables_ipvs",
    "Marks the packets to a virtual_server_group with nftables, so that one service by mark stands for all addresses of the group.",
    [optional("TABLE", text)],
    { missing: "each address of a group is a service of its own" },
  ),
  single(
    "nftables_ipvs_priority",
    "The priority of the chains of `nftables_ipvs`.",
    "PRIORITY",
    int32("-1 counts"),
    { default: "-1", missing: "each address of a group is a service of its own" },
  ),
  single(
    "nftables_ipvs_start_fwmark",
    "The first mark that `nftables_ipvs` gives; the following groups get the following ones.",
    "MARK",
    integer(1, uintMax, "1000 counts"),
    { default: "1000", missing: "each address of a group is a service of its own" },
  ),
];
