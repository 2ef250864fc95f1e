// nopreempt where it does nothing: on the node with the lower priority.

import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, sharedRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { placeOf, priorityOf, priorityPlace } from "./vrrp-blocks.ts";

const low = (lines: string): string => instanceWith(lines).replace("priority 100", "priority 90");

export const nopreemptOnTheLowerNode: Rule = {
  id: "V11",
  name: "nopreempt-on-the-lower-node",
  severity: "warning",
  scope: "pair",
  check,
  title: "nopreempt stands on a lower node and not on the highest",
  explanation: [
    "`nopreempt` keeps *this* node from taking over from a MASTER of lower priority. On the node with the",
    "lowest priority it never has anything to do; the node that takes the address back after a restart is the",
    "highest one, and there it is missing.",
    "",
    "Write it on every node, together with `state BACKUP`. On the highest node alone it is enough for two",
    "nodes, but the file of the other one then does not show what the pair does, and a third node would still",
    "preempt.",
  ].join("\n"),
  bad: [[instanceWith(""), low("nopreempt")]],
  good: [
    [instanceWith("nopreempt"), low("nopreempt")],
    [instanceWith(""), low("")],
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/346",
    "https://github.com/acassen/keepalived/issues/1290",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { first, others } of sharedRoutersOf(nodes)) {
    const parts = [first, ...others];
    const priorities = parts.map(({ instance }) => priorityOf(instance));
    if (priorities.some((priority) => priority === undefined)) continue;
    const highest = Math.max(...priorities.map((priority) => priority ?? 0));
    const without = parts.filter((part) => !hasNopreempt(part));
    const top = without.find(({ instance }) => priorityOf(instance) === highest);
    const lower = parts.filter((part) => hasNopreempt(part) && part.value.priority < highest);
    if (top !== undefined) for (const part of lower) reportLower(part, top, report);
    else for (const part of without) reportMissing(part, parts, report);
  }
}

function hasNopreempt({ instance }: RouterPart): boolean {
  return settingOf(instance.section, "nopreempt") !== undefined;
}

function reportLower(part: RouterPart, top: RouterPart, report: Report): void {
  report(placeOf(part.instance.section, "nopreempt", part.instance.span), {
    message: `\`nopreempt\` has no effect on ${part.nodeName}, because ${top.nodeName} has the higher priority`,
    related: [
      {
        span: priorityPlace(top.instance),
        label: `${top.nodeName} has ${top.value.priority} and no \`nopreempt\``,
      },
    ],
    effect: `${top.nodeName} takes the address back whenever it returns`,
    fix: `write \`nopreempt\` on ${top.nodeName} too, with \`state BACKUP\` on all nodes`,
  });
}

/** Two nodes do with one; of more, every one that could preempt needs it. */
function reportMissing(part: RouterPart, parts: readonly RouterPart[], report: Report): void {
  const having = parts.find(hasNopreempt);
  if (having === undefined) return;
  const below = parts.some((other) => other.value.priority < part.value.priority);
  report(part.instance.span, {
    severity: below ? "warning" : "advice",
    message: `\`nopreempt\` is missing on ${part.nodeName}`,
    related: [
      {
        span: placeOf(having.instance.section, "nopreempt", having.instance.span),
        label: `${having.nodeName} has it`,
      },
    ],
    effect: below
      ? `${part.nodeName} takes the address away from nodes of lower priority`
      : "nothing changes as long as its priority is the lowest",
    fix: "write `nopreempt` on every node",
  });
}
