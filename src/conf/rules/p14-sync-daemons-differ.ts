// lvs_sync_daemon that does not meet its like on the other node.

import { spanAt } from "../keepalived/reading.ts";
import type { Setting } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { nodeNameOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting } from "./vrrp-blocks.ts";

const node = (words: string, priority: number): string =>
  `global_defs {\n    lvs_sync_daemon ${words}\n}\n${instanceWith("").replace("100", String(priority))}`;

/** Options on which sender and receiver must agree. */
const compared = ["id", "group", "port"];

export const syncDaemonsDiffer: Rule = {
  id: "P14",
  name: "sync-daemons-differ",
  severity: "warning",
  scope: "pair",
  check,
  title: "the nodes' lvs_sync_daemon do not hear each other",
  explanation: [
    "The MASTER sends its connections to a multicast group and port under an id; a BACKUP takes those of its",
    "own id and drops the others. When id, group or port differ, or when one node has no daemon, nothing is",
    "copied, and every connection breaks at the failover. Without an id the VRID of the instance counts.",
    "",
    "Write the same `lvs_sync_daemon` on all nodes; only the interface may have another name.",
  ].join("\n"),
  bad: [
    [node("eth0 VI_1 id 1", 100), node("eth0 VI_1 id 2", 90)],
    [node("eth0 VI_1 id 1", 100), instanceWith("").replace("100", "90")],
  ],
  good: [[node("eth0 VI_1 id 1", 100), node("eth1 VI_1 id 1", 90)]],
  sources: [
    "https://github.com/acassen/keepalived/issues/1819",
    "https://github.com/acassen/keepalived/issues/1138",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  const having = nodes.flatMap((one) => {
    const setting = globalSetting(one, "lvs_sync_daemon");
    return setting === undefined ? [] : [{ setting, nodeName: nodeNameOf(one, nodes) }];
  });
  const [first, ...others] = having;
  if (first === undefined) return;
  for (const one of nodes)
    if (globalSetting(one, "lvs_sync_daemon") === undefined && one.instances.length > 0)
      report(spanAt(first.setting.line, 0), {
        message: `${nodeNameOf(one, nodes)} has no \`lvs_sync_daemon\`, and ${first.nodeName} has one`,
        effect: "connections are copied to nobody, and break at the failover",
        fix: "write it on all nodes",
      });
  for (const other of others)
    for (const option of compared) {
      const [here, there] = [wordBehind(other.setting, option), wordBehind(first.setting, option)];
      if (here === there) continue;
      report(spanAt(other.setting.line, 0), {
        message: `the ${option} of \`lvs_sync_daemon\` differs between ${first.nodeName} and ${other.nodeName}`,
        label: `${here ?? "none"} on ${other.nodeName}`,
        related: [
          { span: spanAt(first.setting.line, 0), label: `${there ?? "none"} on ${first.nodeName}` },
        ],
        effect: "each drops what the other sends, and connections break at the failover",
        fix: "write the same on all nodes",
      });
    }
}

function wordBehind(setting: Setting, option: string): string | undefined {
  const words = setting.line.words.map(({ text }) => text);
  const at = words.lastIndexOf(option);
  return at > 1 ? words[at + 1] : undefined;
}
