// Who becomes MASTER: the priorities of the nodes of one virtual router, for any outcome of what they track.

import type { RouterPart } from "./nodes.ts";
import { activeTrackersOf, isWeighted, type Tracker } from "./trackers.ts";
import { priorityOf } from "./vrrp-blocks.ts";

/** One node that takes part. */
export interface Candidate {
  readonly part: RouterPart;
  readonly base: number;
  /** Those that change the priority; files are left out, because any number can be in them. */
  readonly weighted: readonly Tracker[];
}

/** The candidates of a router; undefined when the text leaves a priority or a weight open. */
export function candidatesOf(parts: readonly RouterPart[]): readonly Candidate[] | undefined {
  const candidates: Candidate[] = [];
  for (const part of parts) {
    const base = priorityOf(part.instance);
    const trackers = activeTrackersOf(part.node, part.instance);
    if (base === undefined || trackers.some(({ weight }) => weight === undefined)) return undefined;
    const weighted = trackers.filter((tracker) => isWeighted(tracker) && tracker.kind !== "file");
    candidates.push({ part, base, weighted });
  }
  return candidates;
}

/** The highest and the lowest priority that weights can lead to. */
export const weightedPriorityMax = 254;
const weightedPriorityMin = 1;

/** What the priority is while these trackers fail. An owner's (255) does not change. */
export function priorityWith(candidate: Candidate, failed: ReadonlySet<Tracker>): number {
  const { base, weighted } = candidate;
  if (base === 255) return base;
  let sum = base;
  for (const tracker of weighted) sum += changeBy(tracker, failed.has(tracker));
  return Math.min(weightedPriorityMax, Math.max(weightedPriorityMin, sum));
}

/** What one tracker adds. */
export function changeBy(tracker: Pick<Tracker, "weight" | "reverse">, failed: boolean): number {
  const { weight = 0, reverse } = tracker;
  const up = failed === reverse;
  if (weight > 0) return up ? weight : 0;
  return up ? 0 : weight;
}

const none: ReadonlySet<Tracker> = new Set();

/** The candidate that wins while nothing fails; undefined when two are equal. */
export function usualMaster(candidates: readonly Candidate[]): Candidate | undefined {
  return winnerOf(candidates.map((candidate) => [candidate, priorityWith(candidate, none)]));
}

/** The candidate with the highest priority; undefined when two have it. */
export function winnerOf(
  priorities: readonly (readonly [Candidate, number])[],
): Candidate | undefined {
  const highest = Math.max(...priorities.map(([, priority]) => priority));
  const winners = priorities.filter(([, priority]) => priority === highest);
  return winners.length === 1 ? winners[0]?.[0] : undefined;
}

/** The highest priority among the others of a candidate while nothing fails there. */
export function highestOther(candidates: readonly Candidate[], of: Candidate): number {
  return Math.max(
    ...candidates.flatMap((other) => (other === of ? [] : [priorityWith(other, none)])),
  );
}
