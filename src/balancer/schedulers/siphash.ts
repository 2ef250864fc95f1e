// SipHash-1-3 of one 32-bit number, folded to 32 bits: what Linux's hsiphash gives on 64-bit machines.

const MASK = (1n << 64n) - 1n;

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

type State = [bigint, bigint, bigint, bigint];

function round([a, b, c, d]: State): State {
  const a1 = (a + b) & MASK;
  const b1 = rotate(b, 13n) ^ a1;
  const c1 = (c + d) & MASK;
  const d1 = rotate(d, 16n) ^ c1;
  const a2 = (rotate(a1, 32n) + d1) & MASK;
  const d2 = rotate(d1, 21n) ^ a2;
  const c2 = (c1 + b1) & MASK;
  const b2 = rotate(b1, 17n) ^ c2;
  return [a2, b2, rotate(c2, 32n), d2];
}

/** The hash of `value` (taken modulo 2^32) under a key of which both halves are `key`. */
export function sipHash13(value: number, key: bigint): number {
  // The length of the message, 4 bytes, stands in the upper byte of its only block.
  const block = (4n << 56n) | BigInt(value % 2 ** 32);
  let state: State = [
    0x736f6d6570736575n ^ key,
    0x646f72616e646f6dn ^ key,
    0x6c7967656e657261n ^ key,
    0x7465646279746573n ^ key ^ block,
  ];
  state = round(state);
  state = [state[0] ^ block, state[1], state[2] ^ 0xffn, state[3]];
  for (let i = 0; i < 3; i++) state = round(state);
  return Number((state[0] ^ state[1] ^ state[2] ^ state[3]) & 0xffffffffn);
}
