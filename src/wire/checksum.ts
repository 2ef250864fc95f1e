// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words.

/**
 * Adds the 16-bit words of `bytes[from, to)` to `sum`, which may be the result of an earlier call
 * as long as every part but the last has an even length. An odd last byte counts as the high half.
 */
export function addToChecksum(sum: number, bytes: Uint8Array, from: number, to: number): number {
  let total = sum;
  for (let i = from; i < to; i += 2) {
    total += ((bytes[i] ?? 0) << 8) | (i + 1 < to ? (bytes[i + 1] ?? 0) : 0);
  }
  return total;
}

/** Folds a sum of `addToChecksum` to 16 bits and complements it: the value of a checksum field. */
export function finishChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/** The checksum of whole `bytes`. It is 0 when the bytes contain their own correct checksum. */
export function internetChecksum(bytes: Uint8Array): number {
  return finishChecksum(addToChecksum(0, bytes, 0, bytes.length));
}

/** The sum over an IPv4 pseudo-header (RFC 793 3.1), addresses as unsigned 32-bit numbers. */
export function ipv4PseudoHeaderSum(parts: {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly length: number;
}): number {
  const { source, destination } = parts;
  const addresses =
    (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff);
  return addresses + parts.protocol + parts.length;
}
