// virtual_server: what clients connect to.

import { schedulerNames } from "../../../model/virtual-server.ts";
import { connectTimeoutKeyword, timingKeywords } from "./checks-common.ts";
import { flag, keyword, single, synonym, toggle, withBlock } from "./entries.ts";
import { forwardingKeyword } from "./forwarding.ts";
import type { BlockSpec, KeywordSpec } from "./keyword-spec.ts";
import {
  address,
  anyPort,
  argument,
  choice,
  choiceAnyCase,
  commandWithUser,
  integer,
  optional,
  seconds,
  text,
  uintMax,
} from "./kinds.ts";
import { realServerBlock } from "./real-server.ts";

const scheduler = single(
  "lb_algo",
  "How the server of a new connection is chosen.",
  "SCHEDULER",
  choice(schedulerNames, "wlc counts"),
  { default: "wlc" },
);

const forwarding = forwardingKeyword(
  "lb_kind",
  "How packets reach the servers: NAT rewrites addresses, DR only the MAC address, TUN wraps packets, FULLNAT rewrites the source too.",
  "NAT counts",
  { default: "NAT" },
);

const schedulingKeywords: readonly KeywordSpec[] = [
  scheduler,
  synonym("lvs_sched", scheduler, "Another name of `lb_algo`."),
  forwarding,
  synonym("lvs_method", forwarding, "Another name of `lb_kind`."),
  single(
    "protocol",
    "The protocol of the connections. Without it UDP counts, which is hardly ever meant.",
    "PROTOCOL",
    choiceAnyCase(["TCP", "UDP", "SCTP"], "UDP counts"),
    { default: "UDP" },
  ),
  single(
    "ip_family",
    "The family of a virtual server by mark whose servers are all reached by tunnels.",
    "FAMILY",
    choice(["inet", "inet6"], "the real servers decide"),
    { unset: "the real servers decide" },
  ),
  flag("ops", "Chooses a server for each packet anew; UDP only."),
  flag("hashed", "Has no meaning, neither for keepalived nor for Keelson.", {
    deprecated: { advice: "remove it: it has no meaning" },
  }),
  flag("flag-1", "Sets the first flag of the scheduler."),
  flag("flag-2", "Sets the second flag of the scheduler."),
  flag("flag-3", "Sets the third flag of the scheduler."),
  flag("sh-port", "Lets `sh` look at the client's port too. It must follow the scheduler's line."),
  flag(
    "sh-fallback",
    "Lets `sh` take the next server when its choice is down. It must follow the scheduler's line.",
  ),
  flag("mh-port", "Lets `mh` look at the client's port too. It must follow the scheduler's line."),
  flag(
    "mh-fallback",
    "Lets `mh` take the next server when its choice is down. It must follow the scheduler's line.",
  ),
  keyword(
    "persistence_timeout",
    "Sends a client to the same server as long as it has been there within this time; 360 seconds when none is written.",
    [optional("SECONDS", integer(1, 2_678_400, "360 seconds count", "seconds"))],
    { unset: "clients are not remembered" },
  ),
  single(
    "persistence_granularity",
    "How much of a client's address is remembered: an IPv4 netmask or an IPv6 prefix length.",
    "NETMASK",
    { kind: "netmask" },
    { unset: "the whole address" },
  ),
  single(
    "persistence_engine",
    "What else is remembered of a client; `sip` knows calls.",
    "ENGINE",
    choice(["sip"], "the address alone is remembered"),
  ),
  flag(
    "persistence_across_group",
    "Keeps a client at its server on all addresses and ports of the group, as if they were one. The kernel's IPVS cannot do that.",
    { ours: true },
  ),
  // Very old files have it; keepalived 2 ignores it.
  single("nat_mask", "Has no meaning.", "NETMASK", text, {
    deprecated: { advice: "remove it: it has no meaning" },
    ours: true,
  }),
];

const serverKeywords: readonly KeywordSpec[] = [
  single("weight", "The weight of servers that name none.", "WEIGHT", integer(1, 65_535, "stop"), {
    default: "1",
  }),
  single(
    "quorum",
    "The least weight of usable servers together; with less the virtual server counts as down.",
    "WEIGHT",
    integer(1, uintMax, "1 counts"),
    { default: "1" },
  ),
  single(
    "hysteresis",
    "How far the weight must be above the quorum to count as up again, and below it to count as down.",
    "WEIGHT",
    integer(0, uintMax, "0 counts"),
    { default: "0" },
  ),
  keyword("quorum_up", "Runs when the quorum is reached.", commandWithUser, {
    missing: "the program does not run",
  }),
  keyword("quorum_down", "Runs when the quorum is lost.", commandWithUser, {
    missing: "the program does not run",
  }),
  keyword(
    "sorry_server",
    "The server that takes connections while the quorum is lost. It is not checked.",
    [argument("ADDRESS", address), optional("PORT", anyPort)],
  ),
  flag(
    "sorry_server_inhibit",
    "Gives the sorry server the weight 0 instead of removing it. It must follow `sorry_server`.",
  ),
  forwardingKeyword(
    "sorry_server_lvs_method",
    "How packets reach the sorry server. It must follow `sorry_server`.",
    "the virtual server's method counts",
    { unset: "the virtual server's method" },
  ),
  withBlock(
    "real_server",
    "One server that takes connections.",
    [argument("ADDRESS", address), optional("PORT", anyPort)],
    realServerBlock,
  ),
];

/** The block virtual_server. */
export const virtualServerBlock: BlockSpec = {
  path: "virtual_server",
  summary: "An address that clients connect to, and the servers that take their connections.",
  keywords: [
    ...schedulingKeywords,
    ...serverKeywords,
    single(
      "drain_time",
      "How long a real server that a reload removes keeps the connections it has. 0: they end at once, as with keepalived.",
      "SECONDS",
      seconds(0, 86_400, "they end at once"),
      { default: "0", ours: true },
    ),
    flag("inhibit_on_failure", "Gives a failed server the weight 0 instead of removing it."),
    flag("alpha", "Takes all servers for down until their checks have succeeded once."),
    flag(
      "omega",
      "Takes servers and quorum for lost when the daemon stops, so that their programs run.",
    ),
    flag("ha_suspend", "Checks servers only while this node holds the address.", {
      missing: "servers are checked on every node",
    }),
    toggle("smtp_alert", "Sends a mail when the quorum comes or goes.", {
      unset: "what global_defs says, else off",
      missing: "no mail is sent",
    }),
    single("virtualhost", "The name in the Host header of the checks.", "HOST", text, {
      withoutArgument: "there is none",
    }),
    single("snmp_name", "A text by which SNMP shows the virtual server.", "NAME", text, {
      withoutArgument: "there is none",
    }),
    ...timingKeywords("virtual server"),
    connectTimeoutKeyword("virtual server"),
  ],
};
