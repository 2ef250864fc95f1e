// rr: one after the other, weights only as "0 or not".

import { type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";

/** Round robin. It remembers the last choice; a removed one is replaced by its predecessor. */
export function roundRobin(): Scheduler {
  let last: DestinationEntry | undefined;
  return {
    choose(destinations) {
      const from = last === undefined ? 0 : destinations.indexOf(last) + 1;
      for (let step = 0; step < destinations.length; step++) {
        const entry = destinations[(from + step) % destinations.length];
        if (entry === undefined || !isUsable(entry)) continue;
        last = entry;
        return entry;
      }
      return undefined;
    },
    listChanged(destinations, change, entry, index) {
      if (change === "removed" && entry === last) last = destinations[index - 1];
    },
  };
}
