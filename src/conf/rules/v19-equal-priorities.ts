// Nodes with the same priority.

import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import { type RouterPart, virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { priorityOf, priorityPlace } from "./vrrp-blocks.ts";

export const equalPriorities: Rule = {
  id: "V19",
  name: "equal-priorities",
  severity: "warning",
  scope: "pair",
  check,
  title: "nodes of one instance have the same priority",
  explanation: [
    "Between equal priorities the higher source address wins: the node that nobody chose. When both start",
    "together both announce the address first, and one yields afterwards; with priority 255 on both, neither",
    "waits at all.",
    "",
    "Give each node its own priority. With `nopreempt` on every node equal priorities are a plan of their",
    "own, whoever is there first keeps the address, and Keelson says nothing.",
  ].join("\n"),
  bad: [[instanceWith(""), instanceWith("")]],
  good: [
    [instanceWith(""), instanceWith("").replace("priority 100", "priority 90")],
    [instanceWith("nopreempt"), instanceWith("nopreempt")],
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/1440",
    "https://github.com/acassen/keepalived/issues/512",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { parts } of virtualRoutersOf(nodes)) {
    const seen = new Map<number, RouterPart>();
    for (const part of parts) {
      const priority = priorityOf(part.instance);
      if (priority === undefined || mayBeConditional(part)) continue;
      const before = seen.get(priority);
      seen.set(priority, before ?? part);
      if (before === undefined || parts.every(({ value }) => !value.preempt)) continue;
      reportEqual(part, before, report);
    }
  }
}

/** True when the priority is left out here and stands on lines for nodes with an id, none of which was given. */
function mayBeConditional({ instance, node }: RouterPart): boolean {
  if (settingOf(instance.section, "priority") !== undefined) return false;
  const { file } = instance.span;
  const known = conditional.get(node) ?? new Map<string, boolean>();
  conditional.set(node, known);
  let found = known.get(file);
  if (found === undefined) {
    found = /^\s*@\S+\s+priority\s/m.test(node.sources.get(file) ?? "");
    known.set(file, found);
  }
  return found;
}

/** By node and file: whether some line with a condition sets a priority. */
const conditional = new WeakMap<Configuration, Map<string, boolean>>();

function reportEqual(part: RouterPart, before: RouterPart, report: Report): void {
  const { priority, name } = part.value;
  const owners = priority === 255;
  const span = priorityPlace(part.instance);
  const other = priorityPlace(before.instance);
  const same = span.file === other.file && span.line === other.line;
  report(span, {
    ...(owners ? { severity: "error" } : {}),
    message: `${before.nodeName} and ${part.nodeName} have the same priority for \`${name}\`: ${priority}`,
    ...(same ? {} : { related: [{ span: other, label: `${priority} on ${before.nodeName}` }] }),
    effect: owners
      ? "both own the address and become MASTER at once"
      : "the node with the higher source address wins, and at a common start both announce the address",
    fix: owners
      ? "write priorities below 255, one for each node"
      : "give each node its own priority, or write `nopreempt` and `state BACKUP` on all of them",
  });
}
