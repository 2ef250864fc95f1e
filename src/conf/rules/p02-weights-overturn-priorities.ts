// Weights that make another node the MASTER than the priorities say, or none in particular.

import { type Candidate, candidatesOf, priorityWith, usualMaster, winnerOf } from "./election.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";
import { virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { trackerName } from "./trackers.ts";
import { priorityPlace } from "./vrrp-blocks.ts";

const tracking = scriptWith('script "/usr/local/bin/check"\nweight 20').replace(
  "priority 100",
  "priority 90",
);

export const weightsOverturnPriorities: Rule = {
  id: "P02",
  name: "weights-overturn-priorities",
  severity: "warning",
  scope: "pair",
  check,
  title: "weights give the address to another node than the priorities do",
  explanation: [
    "Positive weights count while all is well. When only one node has them, or they are larger there, the",
    "node with the lower priority is MASTER as long as nothing fails: the priorities in the files say",
    "otherwise, and what fails on the higher node moves nothing because it does not have the address. When",
    "the sums are equal the higher source address decides.",
    "",
    "Track the same on all nodes with the same weights, or write negative weights, which count only on",
    "failure.",
  ].join("\n"),
  bad: [[instanceWith(""), tracking]],
  good: [[instanceWith(""), tracking.replace("weight 20", "weight -20")]],
  sources: ["https://github.com/acassen/keepalived/issues/2108"],
};

function check(nodes: readonly Configuration[], report: Report): void {
  for (const { parts } of virtualRoutersOf(nodes)) {
    const candidates = parts.length > 1 ? candidatesOf(parts) : undefined;
    if (candidates === undefined) continue;
    const written = winnerOf(candidates.map((candidate) => [candidate, candidate.base]));
    const real = usualMaster(candidates);
    if (written === undefined || written === real) continue;
    // Without preemption the weights at the start decide little.
    if (candidates.every(({ part }) => !part.value.preempt)) continue;
    const ahead = real ?? rivalOf(candidates, written);
    if (ahead !== undefined) reportOverturned(written, ahead, real === undefined, report);
  }
}

/** The candidate whose weights make it equal to the one with the highest priority. */
function rivalOf(candidates: readonly Candidate[], written: Candidate): Candidate | undefined {
  const none = new Set<never>();
  return candidates.find(
    (other) => other !== written && priorityWith(other, none) >= priorityWith(written, none),
  );
}

function reportOverturned(
  written: Candidate,
  ahead: Candidate,
  equal: boolean,
  report: Report,
): void {
  const none = new Set<never>();
  const [usual, high] = [priorityWith(written, none), priorityWith(ahead, none)];
  const adding = ahead.weighted.filter(({ weight = 0, reverse }) => weight > 0 !== reverse);
  const names = `${ahead.part.nodeName} ${high}, ${written.part.nodeName} ${usual}`;
  report(priorityPlace(ahead.part.instance), {
    message: equal
      ? `with their weights ${written.part.nodeName} and ${ahead.part.nodeName} are equal while all is well: ${high}`
      : `${ahead.part.nodeName} is MASTER of \`${ahead.part.instance.name}\` while all is well, in spite of its lower priority`,
    related: [
      {
        span: priorityPlace(written.part.instance),
        label: `${written.part.nodeName} has ${written.base}, and ${usual} with its weights`,
      },
      ...adding.map((tracker) => ({
        span: tracker.weightSpan ?? tracker.span,
        label: `${trackerName(tracker)} adds ${Math.abs(tracker.weight ?? 0)} on ${ahead.part.nodeName}`,
      })),
    ],
    effect: equal
      ? `${names}: the node with the higher source address wins`
      : `${names}: what fails on ${written.part.nodeName} moves nothing`,
    fix: "track the same with the same weights on all nodes, or write negative weights",
  });
}
