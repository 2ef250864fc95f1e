// What MD5 and SHA-256 have in common (Merkle and Damgard): blocks of 64 bytes change a state of 32-bit
// words, and the last block ends with the length of the message.

/** One hash function, as far as it differs from the others. */
export interface BlockHash {
  readonly initial: readonly number[];
  /** How words and the length stand in the bytes. */
  readonly littleEndian: boolean;
  /** Changes `state` by the 16 words of a block. */
  compress(state: Uint32Array, words: Uint32Array): void;
}

/** Bytes in a block. */
export const BLOCK_LENGTH = 64;
const LENGTH_FIELD = 8;

/** The state before the first block. */
export function startHash(hash: BlockHash): Uint32Array {
  return Uint32Array.from(hash.initial);
}

/**
 * The digest of a message, of which `before` bytes (a multiple of 64) have already changed `state`.
 * `state` itself stays as it is.
 */
export function finishHash(
  hash: BlockHash,
  state: Uint32Array,
  before: number,
  rest: Uint8Array,
): Uint8Array {
  const padded = Math.ceil((rest.length + 1 + LENGTH_FIELD) / BLOCK_LENGTH) * BLOCK_LENGTH;
  const bytes = new Uint8Array(padded);
  bytes.set(rest);
  bytes[rest.length] = 0x80;
  const view = new DataView(bytes.buffer);
  const bits = (before + rest.length) * 8;
  const low = bits >>> 0;
  const high = Math.floor(bits / 0x1_0000_0000);
  view.setUint32(padded - 8, hash.littleEndian ? low : high, hash.littleEndian);
  view.setUint32(padded - 4, hash.littleEndian ? high : low, hash.littleEndian);
  const current = state.slice();
  absorb(hash, current, bytes);
  const digest = new Uint8Array(4 * current.length);
  const into = new DataView(digest.buffer);
  for (const [i, word] of current.entries()) into.setUint32(4 * i, word, hash.littleEndian);
  return digest;
}

/** Changes `state` by whole blocks. */
export function absorb(hash: BlockHash, state: Uint32Array, blocks: Uint8Array): void {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  const words = new Uint32Array(16);
  for (let at = 0; at < blocks.length; at += BLOCK_LENGTH) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i, hash.littleEndian);
    hash.compress(state, words);
  }
}

/** The digest of a whole message. */
export function digestOf(hash: BlockHash, message: Uint8Array): Uint8Array {
  return finishHash(hash, startHash(hash), 0, message);
}
