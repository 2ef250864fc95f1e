// The top level of keepalived.conf.

import { staticAddressLine } from "./address-lines.ts";
import { flag, keyword, single, synonym, withBlock, withLines } from "./entries.ts";
import { globalDefsBlock } from "./global-defs.ts";
import type { BlockSpec, KeywordSpec, LineSpec } from "./keyword-spec.ts";
import {
  address,
  anyPort,
  argument,
  choiceAnyCase,
  integer,
  interfaceName,
  optional,
  reference,
  seconds,
  text,
  uintMax,
} from "./kinds.ts";
import { routeLine } from "./route-lines.ts";
import { ruleLine } from "./rule-lines.ts";
import { sslBlock } from "./ssl.ts";
import {
  bfdInstanceBlock,
  trackFileBlock,
  trackGroupBlock,
  vrrpTrackFileBlock,
  vrrpTrackProcessBlock,
} from "./trackers.ts";
import { virtualServerBlock } from "./virtual-server.ts";
import { virtualServerGroupLine } from "./virtual-server-group-lines.ts";
import { vrrpInstanceBlock } from "./vrrp-instance.ts";
import { vrrpScriptBlock } from "./vrrp-script.ts";
import { garpGroupBlock, vrrpSyncGroupBlock } from "./vrrp-sync-group.ts";
import { witnessBlock } from "./witness.ts";

const name = argument("NAME", text);
const ownNamespace = "the daemon runs in the namespace that it is started in";
const polled = "the kernel's news of links count";

const linkbeatLine: LineSpec = {
  name: "linkbeat-line",
  summary: "One interface a line, perhaps with the way to ask it.",
  leading: [
    argument("INTERFACE", interfaceName),
    optional(
      "METHOD",
      choiceAnyCase(["MII", "ETHTOOL", "IOCTL"], "the methods are tried one by one"),
    ),
  ],
  options: [],
};

const debounce = seconds(0, 255, "there is no delay");

const upDownLine: LineSpec = {
  name: "up-down-line",
  summary: "One interface a line with the delays before its failure and its return count.",
  leading: [
    argument("INTERFACE", interfaceName),
    argument("DOWN_SECONDS", debounce),
    optional("UP_SECONDS", debounce),
  ],
  options: [],
};

const daemonKeywords: readonly KeywordSpec[] = [
  single(
    "net_namespace",
    "Runs the daemon in a network namespace. A reload cannot change it.",
    "NAME",
    text,
    {
      withoutArgument: "it is ignored",
    },
  ),
  keyword(
    "net_namespace_ipvs",
    "Keeps virtual servers in another network namespace; without a name in the default one.",
    [optional("NAME", text)],
    { unset: "what `net_namespace` says", missing: ownNamespace },
  ),
  flag("namespace_with_ipsets", "Uses ipsets in a namespace on kernels before 3.13 as well.", {
    missing: "there are no ipsets",
  }),
  flag("use_pid_dir", "Puts the files with process ids into a directory of their own."),
  single(
    "instance",
    "The name of this daemon among several on one host. A reload cannot change it.",
    "NAME",
    text,
    {
      withoutArgument: "it is ignored",
    },
  ),
  single(
    "child_wait_time",
    "How long the daemon waits for its processes at the stop.",
    "SECONDS",
    integer(0, uintMax, "5 seconds count", "seconds"),
    { default: "5", missing: "5 seconds count" },
  ),
  flag(
    "linkbeat_use_polling",
    "Asks all interfaces for their links instead of listening to the kernel.",
    {
      missing: polled,
    },
  ),
  withLines("linkbeat_interfaces", "Interfaces that are asked for their links.", [], linkbeatLine, {
    missing: polled,
  }),
  withLines(
    "interface_up_down_delays",
    "Delays before the failure and the return of an interface count; they must be shorter than the time in which another node takes over.",
    [],
    upDownLine,
  ),
];

const trackFile = withBlock(
  "track_file",
  "Names a file whose number instances and checks can follow.",
  [name],
  trackFileBlock,
);

const vrrpKeywords: readonly KeywordSpec[] = [
  withBlock("vrrp_instance", "Defines a virtual router.", [name], vrrpInstanceBlock, {
    extraWord: { instead: "keepalived leaves the instance out: it takes the name for missing" },
  }),
  withBlock(
    "vrrp_script",
    "Names a program whose result instances can follow.",
    [name],
    vrrpScriptBlock,
  ),
  withBlock("vrrp_sync_group", "Binds instances together.", [name], vrrpSyncGroupBlock, {
    extraWord: { instead: "keepalived leaves the group out: it takes the name for missing" },
  }),
  trackFile,
  {
    ...synonym("vrrp_track_file", trackFile, "An old spelling of `track_file`.", {
      deprecated: { advice: "write `track_file`", rename: "track_file" },
    }),
    contents: { kind: "keywords", block: vrrpTrackFileBlock },
  },
  withBlock(
    "vrrp_track_process",
    "Names processes that instances can follow.",
    [name],
    vrrpTrackProcessBlock,
  ),
  withBlock(
    "bfd_instance",
    "Names a BFD session that instances and checks can follow.",
    [argument("NAME", { kind: "text", bytesMax: 31 })],
    bfdInstanceBlock,
  ),
  withBlock(
    "track_group",
    "Names instances that follow static addresses, routes and rules.",
    [name],
    trackGroupBlock,
    {},
  ),
  withBlock(
    "witness",
    "Names a third party that instances must see to be MASTER.",
    [name],
    witnessBlock,
    { ours: true },
  ),
  withBlock(
    "garp_group",
    "Sets pauses between announcements for some interfaces.",
    [],
    garpGroupBlock,
  ),
  withLines(
    "static_ipaddress",
    "Addresses that stay on this host whatever the states.",
    [],
    staticAddressLine,
    {},
  ),
  withLines(
    "static_routes",
    "Routes that stay on this host whatever the states.",
    [],
    routeLine("static"),
    {},
  ),
  withLines(
    "static_rules",
    "Routing rules that stay on this host whatever the states.",
    [],
    ruleLine("static"),
    {},
  ),
];

const lvsKeywords: readonly KeywordSpec[] = [
  withBlock(
    "virtual_server",
    "Defines what clients connect to: an address with a port, a mark of the firewall, or a group. Without a port, or with port 0, all ports count.",
    [argument("ADDRESS", address), optional("PORT", anyPort)],
    virtualServerBlock,
    {
      variants: [
        {
          word: "fwmark",
          summary: "Packets that the firewall has marked so.",
          arguments: [argument("MARK", integer(1, uintMax, "stop"))],
        },
        {
          word: "group",
          summary: "All addresses of a virtual_server_group.",
          arguments: [argument("NAME", reference("virtual_server_group"))],
        },
      ],
    },
  ),
  withLines(
    "virtual_server_group",
    "Names addresses and marks that share virtual servers.",
    [name],
    virtualServerGroupLine,
    { extraWord: "stop" },
  ),
  withBlock("SSL", "What SSL_GET checks show to servers.", [], sslBlock, {
    missing: "SSL_GET does not run",
  }),
];

/** The file itself. */
export const fileBlock: BlockSpec = {
  path: "/",
  summary: "The top level of the file.",
  keywords: [
    withBlock("global_defs", "Settings of the whole director.", [], globalDefsBlock),
    ...daemonKeywords,
    ...vrrpKeywords,
    ...lvsKeywords,
  ],
};
