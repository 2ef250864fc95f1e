// wrr: rounds with a falling bar; a destination takes part in the rounds that its weight reaches.

import { type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";

/** Weighted round robin, interleaved: 1/2/3 gives C B A C C B, not C C C B B A. */
export function weightedRoundRobin(): Scheduler {
  let last: DestinationEntry | undefined;
  let step = 1;
  let top = 0;
  let bar = 0;

  return {
    choose(destinations) {
      if (top === 0) return undefined;
      if (!destinations.some(isUsable)) {
        // A search in vain ends where it began when the bar cannot fall, else at the head and the top.
        if (last === undefined || bar > step) [last, bar] = [undefined, top];
        return undefined;
      }
      let index = last === undefined ? -1 : destinations.indexOf(last);
      for (;;) {
        index++;
        if (index >= destinations.length) {
          index = 0;
          bar -= step;
          if (bar <= 0) bar = top;
        }
        const entry = destinations[index];
        if (entry === undefined || entry.overloaded || entry.weight < bar) continue;
        last = entry;
        return entry;
      }
    },
    listChanged(destinations) {
      last = undefined;
      const weights = destinations.map((entry) => entry.weight).filter((weight) => weight > 0);
      step = weights.length === 0 ? 1 : weights.reduce(greatestCommonDivisor);
      top = weights.length === 0 ? 0 : Math.max(...weights) - (step - 1);
      if (bar > top || bar === 0) bar = top;
      else if (step > 1) bar = Math.floor(bar / step) * step + 1;
    },
  };
}

/** Of two positive integers. */
export function greatestCommonDivisor(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return larger;
}
