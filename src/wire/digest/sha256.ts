// SHA-256 (FIPS 180-4).

import type { BlockHash } from "./block-hash.ts";

const PRIMES = firstPrimes(64);
const ROUND_WORDS: readonly number[] = PRIMES.map((prime) => fractionWord(Math.cbrt(prime)));

/** FIPS 180-4 section 6.2. */
export const sha256: BlockHash = {
  initial: PRIMES.slice(0, 8).map((prime) => fractionWord(Math.sqrt(prime))),
  littleEndian: false,
  compress,
};

const schedule = new Uint32Array(64);

function compress(state: Uint32Array, words: Uint32Array): void {
  schedule.set(words);
  for (let i = 16; i < 64; i++) {
    const early = schedule[i - 15] ?? 0;
    const late = schedule[i - 2] ?? 0;
    const s0 = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3);
    const s1 = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10);
    schedule[i] = (schedule[i - 16] ?? 0) + s0 + (schedule[i - 7] ?? 0) + s1;
  }
  const v = state.slice();
  for (let i = 0; i < 64; i++) {
    const a = v[0] ?? 0;
    const e = v[4] ?? 0;
    const choice = (e & (v[5] ?? 0)) ^ (~e & (v[6] ?? 0));
    const majority = (a & (v[1] ?? 0)) ^ (a & (v[2] ?? 0)) ^ ((v[1] ?? 0) & (v[2] ?? 0));
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const first = (v[7] ?? 0) + s1 + choice + (ROUND_WORDS[i] ?? 0) + (schedule[i] ?? 0);
    v.copyWithin(1, 0, 7);
    v[4] = (v[4] ?? 0) + first;
    v[0] = first + s0 + majority;
  }
  for (const [i, word] of v.entries()) state[i] = (state[i] ?? 0) + word;
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The first 32 bits behind the binary point. */
function fractionWord(value: number): number {
  return Math.floor((value - Math.floor(value)) * 0x1_0000_0000);
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate++)
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  return primes;
}
