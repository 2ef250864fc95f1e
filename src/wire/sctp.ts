// SCTP packets (RFC 9260 section 3): a common header, and chunks that follow it.

import { ByteWriter } from "../base/bytes.ts";
import { crc32c } from "./crc32c.ts";

/** The protocol number of SCTP in an IP header. */
export const IP_PROTOCOL_SCTP = 132;

/** Bytes of the common header; the checksum stands at 8. */
export const SCTP_HEADER_LENGTH = 12;
export const SCTP_CHECKSUM_OFFSET = 8;

/** Chunk types that tell something about an association. */
export const sctpChunks = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const;

/** One chunk: its type, and what follows its four bytes of header. */
export interface SctpChunk {
  readonly type: number;
  readonly value: Uint8Array;
}

/** One packet. */
export interface SctpPacket {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly chunks: readonly SctpChunk[];
}

/** Bytes of a packet with a correct checksum; chunks are padded to four bytes. */
export function encodeSctpPacket(packet: SctpPacket): Uint8Array {
  const padding = (length: number): number => (4 - (length % 4)) % 4;
  const sizes = packet.chunks.map(({ value }) => 4 + value.length + padding(value.length));
  const length = SCTP_HEADER_LENGTH + sizes.reduce((sum, size) => sum + size, 0);
  const writer = new ByteWriter(length)
    .u16(packet.sourcePort)
    .u16(packet.destinationPort)
    .u32(packet.verificationTag)
    .u32(0);
  for (const { type, value } of packet.chunks) {
    writer
      .u8(type)
      .u8(0)
      .u16(4 + value.length)
      .bytes(value)
      .zeros(padding(value.length));
  }
  const bytes = writer.finish();
  writeSctpChecksum(bytes, SCTP_CHECKSUM_OFFSET, crc32c(bytes, 0, length));
  return bytes;
}

/** Writes a checksum in SCTP's order of bytes. */
export function writeSctpChecksum(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint32(at, value, true);
}

/** Reads a checksum, unsigned. */
export function readSctpChecksum(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}
