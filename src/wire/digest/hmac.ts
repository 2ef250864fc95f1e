// HMAC (RFC 2104) over the hashes of this folder.

import {
  absorb,
  BLOCK_LENGTH,
  type BlockHash,
  digestOf,
  finishHash,
  startHash,
} from "./block-hash.ts";

/** A keyed digest of a message, in full length. */
export type Mac = (message: Uint8Array) => Uint8Array;

/** Prepares a key: the blocks that depend on nothing else are worked out once. */
export function hmac(hash: BlockHash, key: Uint8Array): Mac {
  const short = key.length > BLOCK_LENGTH ? digestOf(hash, key) : key;
  const inner = padded(hash, short, 0x36);
  const outer = padded(hash, short, 0x5c);
  return (message) =>
    finishHash(hash, outer, BLOCK_LENGTH, finishHash(hash, inner, BLOCK_LENGTH, message));
}

/** True when both have the same bytes; takes the same time wherever the difference is. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

function padded(hash: BlockHash, key: Uint8Array, pad: number): Uint32Array {
  const block = new Uint8Array(BLOCK_LENGTH).fill(pad);
  for (const [i, byte] of key.entries()) block[i] = byte ^ pad;
  const state = startHash(hash);
  absorb(hash, state, block);
  return state;
}
