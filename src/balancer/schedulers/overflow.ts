// fo and ovf: the heaviest first, the others for when it fails or is full.

import { type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";

/** fo: all to the destination with the highest weight. */
export function failover(): Scheduler {
  return { choose: (destinations) => heaviest(destinations, isUsable) };
}

/** ovf: to the heaviest whose active connections do not exceed its weight; so it takes weight + 1. */
export function overflow(): Scheduler {
  const hasRoom = (entry: DestinationEntry): boolean =>
    isUsable(entry) && entry.activeConnections <= entry.weight;
  return { choose: (destinations) => heaviest(destinations, hasRoom) };
}

function heaviest(
  destinations: readonly DestinationEntry[],
  accepts: (entry: DestinationEntry) => boolean,
): DestinationEntry | undefined {
  let found: DestinationEntry | undefined;
  for (const entry of destinations) {
    if (accepts(entry) && (found === undefined || entry.weight > found.weight)) found = entry;
  }
  return found;
}
