// Weights that are less than the gap between the nodes: the check fails, and the address stays.

import type { Candidate } from "./election.ts";
import { candidatesOf, highestOther, priorityWith, usualMaster } from "./election.ts";
import { scriptWith } from "./example-texts.ts";
import { virtualRoutersOf } from "./nodes.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type Tracker, trackerName, whenFailed } from "./trackers.ts";
import { priorityPlace } from "./vrrp-blocks.ts";

const node = (weight: number, priority: number): string =>
  scriptWith(`script "/usr/local/bin/check"\nweight ${weight}`).replace("100", String(priority));

export const weightTooSmall: Rule = {
  id: "V14",
  name: "weight-too-small",
  severity: "error",
  scope: "pair",
  check,
  title: "a weight is too small to move the address",
  explanation: [
    "A weight moves the address only when it bridges the gap between the nodes. With priorities 150 and 100",
    "and `weight -20` a failing check makes 130 of 150, which is still the highest: nothing happens. A",
    "positive weight is added while the check succeeds, so with 200 and 100 and `weight 50` on both nodes the",
    "failing node has 200 and the other 150.",
    "",
    "Keelson computes the priority of every node for each outcome of what the usual MASTER tracks (clamped to",
    "1..254 as at run time), and names the smallest weight that moves the address when only that check fails.",
    "When several checks must fail together it is a warning, because that may be what is meant. A check",
    "without weight needs no arithmetic: the instance goes to FAULT.",
  ].join("\n"),
  bad: [
    [node(-20, 150), node(-20, 100)],
    [node(2, 100), node(2, 50)],
  ],
  good: [
    [node(-60, 150), node(-60, 100)],
    [node(2, 101), node(2, 100)],
  ],
  sources: [
    "https://serverfault.com/questions/718132",
    "https://github.com/hetzneronline/community-content/pull/977",
    "https://github.com/acassen/keepalived/issues/2599",
    "https://github.com/acassen/keepalived/issues/2108",
  ],
};

function check(nodes: readonly Configuration[], report: Report): void {
  // Instances of a sync group that track the same fail in the same way.
  const told = new Set<string>();
  for (const { parts } of virtualRoutersOf(nodes)) {
    const candidates = parts.length > 1 ? candidatesOf(parts) : undefined;
    const master = candidates && usualMaster(candidates);
    // An owner's weights are another rule's.
    if (candidates === undefined || master === undefined || master.base === 255) continue;
    for (const tracker of master.weighted) {
      const failed = new Set([tracker]);
      if (moves(candidates, master, failed)) continue;
      const { file, line } = tracker.weightSpan ?? tracker.span;
      const outcome = `${priorityWith(master, failed)} ${highestOther(candidates, master)}`;
      const key = `${file} ${line} ${outcome}`;
      if (!told.has(key)) reportStay(candidates, master, tracker, report);
      told.add(key);
    }
  }
}

/** True when another node gets ahead while these fail on the MASTER alone. */
function moves(
  candidates: readonly Candidate[],
  master: Candidate,
  failed: ReadonlySet<Tracker>,
): boolean {
  return highestOther(candidates, master) > priorityWith(master, failed);
}

function reportStay(
  candidates: readonly Candidate[],
  master: Candidate,
  tracker: Tracker,
  report: Report,
): void {
  const together = moves(candidates, master, new Set(master.weighted));
  const others = candidates.filter((other) => other !== master);
  const { weight = 0 } = tracker;
  const failing = priorityWith(master, new Set([tracker]));
  const ahead = highestOther(candidates, master);
  const still = failing === ahead ? "equal to" : "above";
  report(tracker.weightSpan ?? tracker.span, {
    ...(together ? { severity: "warning" } : {}),
    message: together
      ? `\`weight ${weight}\` alone is too small to move ${movedBy(master)} ${whenFailed(tracker)}`
      : `\`weight ${weight}\` is too small: ${movedBy(master)} stays ${whenFailed(tracker)}`,
    label: `then ${master.part.nodeName} has ${failing}, ${still} the ${ahead} of the next`,
    related: others.map((other) => ({
      span: priorityPlace(other.part.instance),
      label: `${other.part.nodeName} has ${priorityWith(other, new Set())}`,
    })),
    effect: tableOf(candidates, master),
    fix: fixOf(candidates, master, tracker),
  });
}

function movedBy(master: Candidate): string {
  const [first, ...more] = master.part.value.virtualAddresses;
  if (first === undefined) return "the MASTER";
  return more.length === 0 ? first.address : `${first.address} and ${more.length} more`;
}

/** The election for each outcome: nothing fails, each one alone, all together. */
function tableOf(candidates: readonly Candidate[], master: Candidate): string {
  const outcomes: [string, readonly Tracker[]][] = [
    ["all is well", []],
    ...master.weighted.map((one): [string, readonly Tracker[]] => [`${one.name} fails`, [one]]),
  ];
  if (master.weighted.length > 1) outcomes.push(["all of them fail", master.weighted]);
  const rows = outcomes.map(([name, failed]) => {
    const set = new Set(failed);
    const priorities = candidates.map(
      (other) =>
        `${other.part.nodeName} ${priorityWith(other, other === master ? set : new Set())}`,
    );
    const result = failed.length > 0 && moves(candidates, master, set) ? "moves" : "stays";
    return `${name}: ${priorities.join(", ")}${failed.length === 0 ? "" : ` (it ${result})`}`;
  });
  return rows.join("; ");
}

function fixOf(candidates: readonly Candidate[], master: Candidate, tracker: Tracker): string {
  const fault = `remove the weight, so that ${trackerName(tracker)} puts the instance into FAULT`;
  if (tracker.reverse) return fault;
  const smallest = smallestWeight(candidates, master, tracker);
  if (smallest === undefined) return `bring the priorities closer together, or ${fault}`;
  return `write \`weight ${smallest}\` on every node, or ${fault}`;
}

/** The weight nearest to 0, of either sign, with which the tracker alone moves the address; its own sign first. */
function smallestWeight(
  candidates: readonly Candidate[],
  master: Candidate,
  tracker: Tracker,
): number | undefined {
  const sign = Math.sign(tracker.weight ?? 0);
  for (const direction of sign > 0 ? [1, -1] : [-1])
    for (let size = 1; size <= 253; size++)
      if (worksWith(direction * size, candidates, master, tracker)) return direction * size;
  return undefined;
}

function worksWith(
  weight: number,
  candidates: readonly Candidate[],
  master: Candidate,
  tracker: Tracker,
): boolean {
  const changed = candidates.map((candidate) => ({
    ...candidate,
    weighted: candidate.weighted.map((other) =>
      other.kind === tracker.kind && other.name === tracker.name ? { ...other, weight } : other,
    ),
  }));
  const leader = changed[candidates.indexOf(master)];
  if (leader === undefined || usualMaster(changed) !== leader) return false;
  const failed = leader.weighted.filter(
    ({ kind, name }) => kind === tracker.kind && name === tracker.name,
  );
  return moves(changed, leader, new Set(failed));
}
