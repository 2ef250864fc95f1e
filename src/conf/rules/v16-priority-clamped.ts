// Weights that lead out of 1..254.

import { weightedPriorityMax } from "./election.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { activeTrackersOf, isWeighted, type Tracker } from "./trackers.ts";
import { instancesOf, priorityOf, priorityPlace, type WrittenInstance } from "./vrrp-blocks.ts";

const script = 'script "/usr/local/bin/check"';

export const priorityClamped: Rule = {
  id: "V16",
  name: "priority-clamped",
  severity: "warning",
  scope: "file",
  check,
  title: "weights lead out of the range of priorities",
  explanation: [
    "The priority and all weights together are clamped to 1..254: 0 and 255 mean something else in the",
    "protocol. Above 254 a part of the weights has no effect, and two nodes that both reach the limit are",
    "equal, so that the higher source address decides. Below 1 the same happens to nodes that fail, which is",
    "only worth advice: they are the lowest in any case.",
    "",
    "Lower the priorities so that the best case stays below 255, and the weights so that the worst stays",
    "above 0. Only the differences between the nodes matter.",
  ].join("\n"),
  bad: [
    scriptWith(`${script}\nweight 20`).replace("priority 100", "priority 250"),
    scriptWith(`${script}\nweight -120`),
  ],
  good: [scriptWith(`${script}\nweight -20`), instanceWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const base = priorityOf(instance);
    if (base === undefined || base === 255) continue;
    const trackers = activeTrackersOf(configuration, instance).filter(
      (tracker) => isWeighted(tracker) && tracker.kind !== "file",
    );
    let best = base;
    let worst = base;
    for (const { weight = 0 } of trackers) {
      if (weight > 0) best += weight;
      else worst += weight;
    }
    if (best > weightedPriorityMax) reportHigh(instance, best, trackers, report);
    if (worst < 1) reportLow(instance, worst, trackers, report);
  }
}

function reportHigh(
  instance: WrittenInstance,
  best: number,
  trackers: readonly Tracker[],
  report: Report,
): void {
  report(priorityPlace(instance), {
    message: `with its weights the priority of \`${instance.name}\` would be ${best}`,
    related: labelsOf(trackers, 1),
    effect: `${weightedPriorityMax} counts: ${best - weightedPriorityMax} of the weights has no effect, and nodes at the limit are equal`,
    fix: `lower the priorities of all nodes by at least ${best - weightedPriorityMax}`,
  });
}

function reportLow(
  instance: WrittenInstance,
  worst: number,
  trackers: readonly Tracker[],
  report: Report,
): void {
  report(priorityPlace(instance), {
    severity: "advice",
    message: `when all of its checks fail the priority of \`${instance.name}\` would be ${worst}`,
    related: labelsOf(trackers, -1),
    effect: "1 counts: nodes that fail as badly are equal",
    fix: `raise the priorities of all nodes by ${1 - worst}, or write smaller weights`,
  });
}

function labelsOf(
  trackers: readonly Tracker[],
  sign: 1 | -1,
): { span: Tracker["span"]; label: string }[] {
  return trackers
    .filter(({ weight = 0 }) => weight * sign > 0)
    .map(({ weight = 0, weightSpan, span, name }) => ({
      span: weightSpan ?? span,
      label: weight > 0 ? `${name}: +${weight}` : `${name}: ${weight}`,
    }));
}
