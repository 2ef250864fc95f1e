import type { Prng } from "../../../src/base/prng.ts";

/** One of several. */
export function pick<T>(prng: Prng, from: readonly T[]): T {
  if (from.length === 0) throw new Error("nothing to pick from");
  return from[prng.integer(0, from.length - 1)] as T;
}
