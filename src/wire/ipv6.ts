// IPv6 packets (RFC 8200): the fixed header and what follows it. Extension headers are not looked into.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";

/** Bytes of the fixed header. */
export const IPV6_HEADER_LENGTH = 40;

/** One IPv6 packet. */
export interface Ipv6Packet {
  /** 0..255. */
  readonly trafficClass: number;
  /** 20 bits; routers may treat equal ones alike. */
  readonly flowLabel: number;
  readonly nextHeader: number;
  /** 0..255. */
  readonly hopLimit: number;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly payload: Uint8Array;
}

/** Why bytes are no IPv6 packet. */
export type Ipv6Fault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "version-wrong"; readonly version: number };

/** Bytes of a packet. */
export function encodeIpv6Packet(packet: Ipv6Packet): Uint8Array {
  const { trafficClass, flowLabel, payload } = packet;
  return new ByteWriter(IPV6_HEADER_LENGTH + payload.length)
    .u32(((6 << 28) | (trafficClass << 20) | flowLabel) >>> 0)
    .u16(payload.length)
    .u8(packet.nextHeader)
    .u8(packet.hopLimit)
    .bytes(ipAddressBytes(packet.source))
    .bytes(ipAddressBytes(packet.destination))
    .bytes(payload)
    .finish();
}

/** Reads a packet; the payload is a view. Bytes beyond the payload length are padding and ignored. */
export function decodeIpv6Packet(bytes: Uint8Array): Result<Ipv6Packet, Ipv6Fault> {
  const reader = new ByteReader(bytes);
  const first = reader.u32();
  const length = reader.u16();
  const nextHeader = reader.u8();
  const hopLimit = reader.u8();
  const source = reader.bytes(16);
  const destination = reader.bytes(16);
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  const version = first >>> 28;
  if (version !== 6) return fail({ kind: "version-wrong", version });
  if (length > reader.left) return fail({ kind: "truncated", length: bytes.length });
  return ok({
    trafficClass: (first >>> 20) & 255,
    flowLabel: first & 0xfffff,
    nextHeader,
    hopLimit,
    source: ipAddressFromBytes(source),
    destination: ipAddressFromBytes(destination),
    payload: reader.bytes(length),
  });
}

/** The solicited-node group of an address (RFC 4291 section 2.7.1). */
export function solicitedNodeGroup(address: IpAddress): IpAddress {
  const bytes = new Uint8Array([0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0]);
  bytes.set(ipAddressBytes(address).subarray(13), 13);
  return ipAddressFromBytes(bytes);
}

/** True for fe80::/10. */
export function isLinkLocal(address: IpAddress): boolean {
  return /^fe[89ab]/.test(address);
}
