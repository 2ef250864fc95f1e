// IPv4 packets (RFC 791). Addresses are unsigned 32-bit numbers here: adverts are compared by them.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum } from "./checksum.ts";

const HEADER_LENGTH = 20;

/** One IPv4 packet. Options are passed over when reading and never written. */
export interface Ipv4Packet {
  readonly tos: number;
  readonly identification: number;
  readonly ttl: number;
  readonly protocol: number;
  readonly source: number;
  readonly destination: number;
  readonly payload: Uint8Array;
}

/** Why bytes are no IPv4 packet. */
export type Ipv4Fault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "version-wrong"; readonly version: number }
  | { readonly kind: "header-length-wrong"; readonly headerLength: number };

/** Bytes of a packet with a correct header checksum, without options or fragmentation. */
export function encodeIpv4Packet(packet: Ipv4Packet): Uint8Array {
  const bytes = new ByteWriter(HEADER_LENGTH + packet.payload.length)
    .u8(0x45)
    .u8(packet.tos)
    .u16(HEADER_LENGTH + packet.payload.length)
    .u16(packet.identification)
    .u16(0)
    .u8(packet.ttl)
    .u8(packet.protocol)
    .u16(0)
    .u32(packet.source)
    .u32(packet.destination)
    .bytes(packet.payload)
    .finish();
  const checksum = finishChecksum(addToChecksum(0, bytes, 0, HEADER_LENGTH));
  bytes[10] = checksum >> 8;
  bytes[11] = checksum & 255;
  return bytes;
}

/**
 * Reads a packet as a raw socket delivers it; the payload is a view. The header checksum is not
 * looked at, because the kernel drops packets with a wrong one. Bytes beyond the total length are
 * padding and ignored.
 */
export function decodeIpv4Packet(bytes: Uint8Array): Result<Ipv4Packet, Ipv4Fault> {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const tos = reader.u8();
  const totalLength = reader.u16();
  const identification = reader.u16();
  reader.skip(2);
  const ttl = reader.u8();
  const protocol = reader.u8();
  reader.skip(2);
  const source = reader.u32();
  const destination = reader.u32();
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  if (first >> 4 !== 4) return fail({ kind: "version-wrong", version: first >> 4 });
  const headerLength = (first & 15) * 4;
  if (headerLength < HEADER_LENGTH || headerLength > totalLength)
    return fail({ kind: "header-length-wrong", headerLength });
  if (totalLength > bytes.length) return fail({ kind: "truncated", length: bytes.length });
  const payload = bytes.subarray(headerLength, totalLength);
  return ok({ tos, identification, ttl, protocol, source, destination, payload });
}
