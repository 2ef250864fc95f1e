// CRC-32C (Castagnoli), the checksum of SCTP (RFC 9260 appendix A).

const POLYNOMIAL = 0x82f63b78;

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = (remainder & 1) === 0 ? remainder >>> 1 : (remainder >>> 1) ^ POLYNOMIAL;
  table[byte] = remainder;
}

/** The checksum of `bytes[from, to)`, unsigned. SCTP writes it with its lowest byte first. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffffffff;
  for (let at = from; at < to; at++)
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 255] ?? 0);
  return ~crc >>> 0;
}
