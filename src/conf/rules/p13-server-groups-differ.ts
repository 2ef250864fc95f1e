// One virtual_server_group with different lines.

import { spanAt } from "../keepalived/reading.ts";
import { type Setting, settingsOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { nodeNameOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const low = (text: string): string => text.replace("priority 100", "priority 90");
const group = (line: string): string =>
  `virtual_server_group web {\n    192.0.2.17 80\n${line}}\n${instanceWith("")}`;

export const serverGroupsDiffer: Rule = {
  id: "P13",
  name: "server-groups-differ",
  severity: "warning",
  scope: "pair",
  check,
  title: "a virtual_server_group has different lines on the nodes",
  explanation: [
    "A group says for which addresses and ports a virtual server stands. What only one node lists is served",
    "there, and refused as soon as the other node is MASTER.",
    "",
    "Write the same lines on all nodes, best in a file that all of them include.",
  ].join("\n"),
  bad: [[group("    192.0.2.17 443\n"), low(group(""))]],
  good: [[group("    192.0.2.17 443\n"), low(group("    192.0.2.17 443\n"))]],
  sources: ["https://www.keepalived.org/manpage.html"],
};

interface GroupOfNode {
  readonly setting: Setting;
  readonly nodeName: string;
}

function check(nodes: readonly Configuration[], report: Report): void {
  const seen = new Map<string, GroupOfNode>();
  for (const node of nodes)
    for (const setting of settingsOf(node.root, "virtual_server_group")) {
      const name = setting.line.words[1]?.text ?? "";
      const before = seen.get(name);
      const group = { setting, nodeName: nodeNameOf(node, nodes) };
      if (before === undefined) seen.set(name, group);
      else if (before.nodeName !== group.nodeName) {
        reportOnly(group, before, report);
        reportOnly(before, group, report);
      }
    }
}

/** Reports the lines of one group that the other one lacks. */
function reportOnly(group: GroupOfNode, other: GroupOfNode, report: Report): void {
  const there = new Set(linesOf(other).map(({ text }) => text));
  const only = linesOf(group).filter(({ text }) => !there.has(text));
  const [first] = only;
  if (first === undefined) return;
  const more = only.length === 1 ? "" : ` and ${only.length - 1} more`;
  report(first.span, {
    message: `\`${first.text}\`${more} of the group \`${group.setting.line.words[1]?.text ?? ""}\` stands on ${group.nodeName}, and not on ${other.nodeName}`,
    related: [{ span: spanAt(other.setting.line, 1), label: `the group on ${other.nodeName}` }],
    effect: `it is not served while ${other.nodeName} is MASTER`,
    fix: "write the same lines on all nodes",
  });
}

function linesOf({
  setting,
}: GroupOfNode): readonly { text: string; span: ReturnType<typeof spanAt> }[] {
  return (setting.entries ?? []).map(({ line }) => ({
    text: line.words.map(({ text }) => text).join(" "),
    span: spanAt(line, 0),
  }));
}
