// Who stands where in the lookup tables of dh, sh and mh. The tables of the eBPF program are filled
// by the same functions: what is put there is the index of a destination in list order.

import type { IpAddress } from "../../base/address.ts";
import { foldAddress } from "../scheduler.ts";
import { sipHash13 } from "./siphash.ts";
import { greatestCommonDivisor } from "./weighted-round-robin.ts";

/** Places of the tables of dh and sh: 2 to the power of these bits. */
export const hashTableBits = 8;
/** Places of mh's table: the kernel's default of the primes that it may be. */
export const maglevTableSize = 4093;
/** Turns of the heaviest destination in one round of filling have at most so many bits. */
const MAGLEV_TURN_BITS = 6;

/** Keys of mh's two hashes: where a destination begins in its permutation, and its step. */
const BEGIN_KEY = 2654435761n;
const STEP_KEY = 2654446892n;

/** What mh must know of a destination. */
export interface MaglevMember {
  readonly address: IpAddress;
  readonly port: number;
  /** The last weight that was not 0; 0 when there was none. */
  readonly lastWeight: number;
}

/**
 * dh and sh: runs of each destination's length in list order, round and round; a length below 1
 * counts as 1. Empty without destinations.
 */
export function runsInTurn(lengths: readonly number[]): Uint16Array {
  const places = new Uint16Array(lengths.length === 0 ? 0 : 1 << hashTableBits);
  let filled = 0;
  while (filled < places.length) {
    for (const [index, length] of lengths.entries()) {
      const end = Math.min(places.length, filled + Math.max(1, length));
      places.fill(index, filled, end);
      filled = end;
    }
  }
  return places;
}

/** mh: Maglev's table, each destination with turns by its weight. Empty when all weights are 0. */
export function maglevPlaces(members: readonly MaglevMember[]): Uint16Array {
  const weights = members.map(({ lastWeight }) => lastWeight).filter((weight) => weight > 0);
  if (weights.length === 0) return new Uint16Array(0);
  const divisor = weights.reduce(greatestCommonDivisor);
  const heaviest = Math.max(...weights) / divisor;
  const shift = Math.max(0, 32 - Math.clz32(heaviest) - MAGLEV_TURN_BITS);
  const walkers = members.map(({ address, port, lastWeight }) => {
    const value = foldAddress(address) + port;
    return {
      at: sipHash13(value, BEGIN_KEY) % maglevTableSize,
      step: (sipHash13(value, STEP_KEY) % (maglevTableSize - 1)) + 1,
      turns: lastWeight === 0 ? 0 : Math.max(1, (lastWeight / divisor) >> shift),
    };
  });
  const places = new Uint16Array(maglevTableSize);
  const taken = new Uint8Array(maglevTableSize);
  let filled = 0;
  while (filled < maglevTableSize) {
    for (const [index, walker] of walkers.entries()) {
      for (let turn = 0; turn < walker.turns && filled < maglevTableSize; turn++) {
        while (taken[walker.at] === 1) walker.at = (walker.at + walker.step) % maglevTableSize;
        taken[walker.at] = 1;
        places[walker.at] = index;
        filled++;
      }
    }
  }
  return places;
}

/** The place of a client in mh's table; `value` is the sum of what is hashed. */
export function maglevPlace(value: number): number {
  return sipHash13(value, BEGIN_KEY) % maglevTableSize;
}
