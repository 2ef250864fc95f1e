// nopreempt together with weights: the priority falls, and nobody may use it.

import { settingOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { activeTrackersOf, isWeighted, type Tracker, whenFailed } from "./trackers.ts";
import { instancesOf, placeOf, priorityOf, type WrittenInstance } from "./vrrp-blocks.ts";

const script = 'script "/usr/local/bin/check"';

export const nopreemptWithWeight: Rule = {
  id: "V12",
  name: "nopreempt-with-weight",
  severity: "error",
  scope: "file",
  check,
  title: "nopreempt and a weighted tracker cannot work together",
  explanation: [
    "A weight lets a failing check lower the priority, so that a node with a higher one takes the address",
    "over. `nopreempt` forbids just that: a node with a higher priority leaves a living MASTER alone. Both",
    "together, on all nodes as nopreempt is meant, keep the address on the node whose check fails, for as",
    "long as that node sends adverts. Nothing in the log says so.",
    "",
    "Take the weight away: a check without weight (or with weight 0) puts the instance in FAULT, it stops",
    "sending adverts, and the next node takes over in spite of nopreempt. Or take nopreempt away on all",
    "nodes.",
    "",
    "It is an error for a negative weight, which has no other use. A positive one is only worth a warning: it",
    "also says who of several waiting nodes comes next. And it works when no other node has nopreempt.",
  ].join("\n"),
  bad: [
    scriptWith(`${script}\nweight -20`).replace("priority", "nopreempt\n    priority"),
    scriptWith(`${script}\nweight 2`).replace("priority", "nopreempt\n    priority"),
  ],
  good: [
    scriptWith(script).replace("priority", "nopreempt\n    priority"),
    scriptWith(`${script}\nweight -20`),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/2599",
    "https://github.com/acassen/keepalived/issues/2379",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { section, value, span } = instance;
    if (settingOf(section, "nopreempt") === undefined) continue;
    // Where something else clears it, that is said by another rule.
    if (value === undefined || value.preempt || value.priority === 255) continue;
    const weighted = activeTrackersOf(configuration, instance).filter(isWeighted);
    if (weighted.length === 0) continue;
    const negative = weighted.some(({ weight = 0, reverse }) => weight < 0 && !reverse);
    report(placeOf(section, "nopreempt", span), {
      ...(negative ? {} : { severity: "warning" }),
      message: `nopreempt and a weighted ${listName(weighted)} cannot work together`,
      label: "… but no other node may take over while this one is alive",
      related: weighted.map((tracker) => weightLabel(tracker, instance)),
      effect: `${holding(instance)} on a node whose check fails`,
      fix: fixOf(weighted, placeOf(section, "nopreempt", span)),
    });
  }
}

function listName(weighted: readonly Tracker[]): string {
  const kinds = new Set(weighted.map(({ kind }) => kind));
  const [only = "script"] = kinds;
  return kinds.size === 1 ? `track_${only}` : "tracker";
}

function weightLabel(
  tracker: Tracker,
  instance: WrittenInstance,
): { readonly span: Span; readonly label: string } {
  const { weight = 0, reverse, weightSpan, span } = tracker;
  const base = priorityOf(instance);
  const lost = Math.abs(weight);
  // A positive weight is there from the start, as long as all is well.
  const top = base === undefined ? undefined : Math.min(254, base + Math.max(weight, 0));
  const change =
    top === undefined
      ? `by ${lost}`
      : `from ${top} to ${Math.max(1, weight > 0 ? (base ?? 0) : top - lost)}`;
  const label = reverse
    ? `changes the priority ${whenFailed(tracker)} …`
    : `lowers the priority ${change} ${whenFailed(tracker)} …`;
  return { span: weightSpan ?? span, label };
}

function holding(instance: WrittenInstance): string {
  const [first, ...others] = instance.value?.virtualAddresses ?? [];
  if (first === undefined) return `\`${instance.name}\` stays MASTER`;
  return others.length === 0
    ? `the VIP ${first.address} stays`
    : `the VIPs ${first.address} and ${others.length} more stay`;
}

function fixOf(weighted: readonly Tracker[], nopreempt: Span): string {
  const [first] = weighted;
  const written = first?.weightSpan !== undefined && first.weightSpan.line !== nopreempt.line;
  const weight = written ? `remove \`weight ${first.weight}\`` : "write `weight 0`";
  return `${weight} (instance goes to FAULT) or remove \`nopreempt\``;
}
