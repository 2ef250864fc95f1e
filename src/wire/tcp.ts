// TCP segments (RFC 9293 3.1) over IPv4.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum, ipv4PseudoHeaderSum } from "./checksum.ts";

/** The protocol number of TCP in an IP header. */
export const IP_PROTOCOL_TCP = 6;

/** Bits of the flags byte. */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32 } as const;

const HEADER_LENGTH = 20;

/** One segment. Options are passed over when reading and never written. */
export interface TcpSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledgment: number;
  /** Sum of `tcpFlags`. */
  readonly flags: number;
  readonly window: number;
  readonly payload: Uint8Array;
}

/** The IPv4 addresses, as unsigned numbers, between which a segment travels. */
export interface Ipv4Ends {
  readonly source: number;
  readonly destination: number;
}

/** Why bytes are no TCP segment. */
export type TcpFault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "header-length-wrong"; readonly headerLength: number };

/** Bytes of a segment with a correct checksum. */
export function encodeTcpSegment(segment: TcpSegment, ends: Ipv4Ends): Uint8Array {
  const length = HEADER_LENGTH + segment.payload.length;
  const bytes = new ByteWriter(length)
    .u16(segment.sourcePort)
    .u16(segment.destinationPort)
    .u32(segment.sequence)
    .u32(segment.acknowledgment)
    .u8((HEADER_LENGTH / 4) << 4)
    .u8(segment.flags)
    .u16(segment.window)
    .u16(0)
    .u16(0)
    .bytes(segment.payload)
    .finish();
  const pseudo = ipv4PseudoHeaderSum({ ...ends, protocol: IP_PROTOCOL_TCP, length });
  const checksum = finishChecksum(addToChecksum(pseudo, bytes, 0, length));
  bytes[16] = checksum >> 8;
  bytes[17] = checksum & 255;
  return bytes;
}

/** Reads a segment; the payload is a view. The checksum is not looked at. */
export function decodeTcpSegment(bytes: Uint8Array): Result<TcpSegment, TcpFault> {
  const reader = new ByteReader(bytes);
  const sourcePort = reader.u16();
  const destinationPort = reader.u16();
  const sequence = reader.u32();
  const acknowledgment = reader.u32();
  const headerLength = (reader.u8() >> 4) * 4;
  const flags = reader.u8();
  const window = reader.u16();
  reader.skip(4);
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  if (headerLength < HEADER_LENGTH || headerLength > bytes.length)
    return fail({ kind: "header-length-wrong", headerLength });
  const payload = bytes.subarray(headerLength);
  return ok({ sourcePort, destinationPort, sequence, acknowledgment, flags, window, payload });
}
