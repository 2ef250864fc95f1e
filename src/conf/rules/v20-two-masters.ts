// state MASTER on more than one node.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const master = instanceWith("").replace("state BACKUP", "state MASTER");
const low = (text: string): string => text.replace("priority 100", "priority 90");

export const twoMasters: Rule = {
  id: "V20",
  name: "two-masters",
  severity: "advice",
  scope: "pair",
  check,
  title: "state MASTER stands on more than one node",
  explanation: [
    "`state` is a wish for the start, and the priority decides what becomes of it. Two nodes that both wish",
    "to be MASTER settle it by their first adverts, so the address may be on both for a moment, and those who",
    "read the files cannot tell which node is meant.",
    "",
    "Write `state BACKUP` on every node, or MASTER on the one with the highest priority only.",
  ].join("\n"),
  bad: [[master, low(master)]],
  good: [
    [master, low(instanceWith(""))],
    [instanceWith(""), low(instanceWith(""))],
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/2176",
    "https://github.com/acassen/keepalived/issues/2527",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { parts } of virtualRoutersOf(nodes)) {
    const masters = parts.flatMap(({ instance, nodeName }) => {
      const state = settingOf(instance.section, "state");
      return state?.line.words[1]?.text === "MASTER"
        ? [{ span: spanAt(state.line, 0), nodeName, name: instance.name }]
        : [];
    });
    const [first, ...others] = masters;
    for (const { span, name, nodeName } of others) {
      if (first === undefined) continue;
      const same = first.span.file === span.file && first.span.line === span.line;
      report(span, {
        message: `\`${name}\` wishes to be MASTER on ${first.nodeName} and on ${nodeName}`,
        ...(same ? {} : { related: [{ span: first.span, label: `on ${first.nodeName}` }] }),
        effect: "at a common start both may hold the address for a moment",
        fix: "write `state BACKUP` on all nodes, and let `priority` decide",
      });
    }
  }
}
