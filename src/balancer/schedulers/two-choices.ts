// twos: two destinations by chance, weights counted, and of them the one with less to do.

import { Prng } from "../../base/prng.ts";
import { connectionOverhead, type DestinationEntry, isUsable } from "../destination.ts";
import type { Scheduler } from "../scheduler.ts";

/** The power of two choices. What it draws follows from the seed alone. */
export function powerOfTwoChoices(seed: number): Scheduler {
  const prng = new Prng(seed);
  return {
    choose(destinations) {
      const usable = destinations.filter(isUsable);
      const total = usable.reduce((sum, { weight }) => sum + weight, 0);
      const first = drawn(usable, prng.integer(0, total));
      const second = drawn(usable, prng.integer(0, total));
      if (first === undefined || second === undefined) return undefined;
      const secondHasLess =
        second.weight * connectionOverhead(first) > first.weight * connectionOverhead(second);
      return secondHasLess ? second : first;
    },
  };
}

/** Both 0 and the sum of the weights can be drawn, so that the first has one part more. */
function drawn(usable: readonly DestinationEntry[], ticket: number): DestinationEntry | undefined {
  let left = ticket;
  return usable.find(({ weight }) => {
    left -= weight;
    return left <= 0;
  });
}
