// lc, wlc, sed and nq: the destination with the least to do, each with its own idea of "least".

import { connectionOverhead, type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";

/** lc: the fewest connections, whatever the weights. */
export function leastConnection(): Scheduler {
  return { choose: (destinations) => leastLoaded(destinations, connectionOverhead, () => 1) };
}

/** wlc: the fewest connections for its weight. */
export function weightedLeastConnection(): Scheduler {
  return { choose: (destinations) => leastLoaded(destinations, connectionOverhead, weightOf) };
}

/** sed: the fewest active connections for its weight, the new one counted. */
export function shortestExpectedDelay(): Scheduler {
  return { choose: (destinations) => leastLoaded(destinations, expectedDelay, weightOf) };
}

/** nq: the first idle one; without one as sed. */
export function neverQueue(): Scheduler {
  return {
    choose: (destinations) =>
      destinations.find((entry) => isUsable(entry) && entry.activeConnections === 0) ??
      leastLoaded(destinations, expectedDelay, weightOf),
  };
}

/** The usable one with the smallest load for its weight; the first of several. */
export function leastLoaded(
  destinations: readonly DestinationEntry[],
  load: (entry: DestinationEntry) => number,
  weight: (entry: DestinationEntry) => number,
): DestinationEntry | undefined {
  let least: DestinationEntry | undefined;
  for (const entry of destinations) {
    if (!isUsable(entry)) continue;
    if (least === undefined || load(least) * weight(entry) > load(entry) * weight(least))
      least = entry;
  }
  return least;
}

function expectedDelay(entry: DestinationEntry): number {
  return entry.activeConnections + 1;
}

function weightOf(entry: DestinationEntry): number {
  return entry.weight;
}
