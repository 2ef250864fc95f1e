// The IP authentication header as VRRP of keepalived has it: HMAC-MD5-96 (RFC 2403) over the packet,
// with the source address as security parameter index. It is not RFC 4302: in multicast packets the
// TTL is part of what is signed.
//
//  |Next header=112| Length = 4    | 0                             |
//  | Security parameter index: the IPv4 source address             |
//  | Sequence number                                               |
//  | The first 96 bits of the HMAC                                 |

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type Mac, sameBytes } from "./digest/hmac.ts";
import { encodeIpv4Packet, type Ipv4Packet } from "./ipv4.ts";

/** The IP protocol number of the authentication header. */
export const IP_PROTOCOL_AH = 51;
/** Bytes of the header in front of a VRRP message. */
export const AUTHENTICATION_HEADER_LENGTH = 24;

const IPV4_HEADER_LENGTH = 20;
const ICV_LENGTH = 12;
/** The length in 32-bit words, less 2 (RFC 4302 section 2.2). */
const LENGTH_WORD = AUTHENTICATION_HEADER_LENGTH / 4 - 2;
/** Offsets in the IPv4 header of what changes on the way. */
const TOS = 1;
const FRAGMENT = 6;
const TTL = 8;
const CHECKSUM = 10;

/** One header. */
export interface AuthenticationHeader {
  readonly nextHeader: number;
  /** An unsigned 32-bit number. */
  readonly parameterIndex: number;
  /** 1..0xffffffff. */
  readonly sequence: number;
  /** 12 bytes. */
  readonly checkValue: Uint8Array;
}

/** Why bytes have no such header. */
export interface AuthenticationHeaderFault {
  readonly kind: "truncated" | "length-wrong";
}

/** How a packet is signed. */
export interface Sealing {
  readonly sequence: number;
  /** HMAC-MD5 with the password, filled to 8 bytes with zeros. */
  readonly mac: Mac;
  /** True: the TTL is not signed. */
  readonly unicast: boolean;
}

/** Reads the header in front of `payload`, which is a view. */
export function decodeAuthenticationHeader(
  bytes: Uint8Array,
): Result<
  { readonly header: AuthenticationHeader; readonly payload: Uint8Array },
  AuthenticationHeaderFault
> {
  const reader = new ByteReader(bytes);
  const nextHeader = reader.u8();
  const length = reader.u8();
  reader.skip(2);
  const parameterIndex = reader.u32();
  const sequence = reader.u32();
  const checkValue = reader.bytes(ICV_LENGTH);
  if (reader.overrun) return fail({ kind: "truncated" });
  if (length !== LENGTH_WORD) return fail({ kind: "length-wrong" });
  const header = { nextHeader, parameterIndex, sequence, checkValue };
  return ok({ header, payload: reader.bytes(reader.left) });
}

/** Bytes of a packet whose payload stands behind a signed header. */
export function encodeSealedPacket(packet: Ipv4Packet, sealing: Sealing): Uint8Array {
  const { payload, protocol, source } = packet;
  const inner = new ByteWriter(AUTHENTICATION_HEADER_LENGTH + payload.length)
    .u8(protocol)
    .u8(LENGTH_WORD)
    .u16(0)
    .u32(source)
    .u32(sealing.sequence)
    .zeros(ICV_LENGTH)
    .bytes(payload)
    .finish();
  const bytes = encodeIpv4Packet({ ...packet, protocol: IP_PROTOCOL_AH, payload: inner });
  bytes.set(checkValueOf(bytes, sealing), IPV4_HEADER_LENGTH + ICV_LENGTH);
  return bytes;
}

/**
 * True when the check value of a whole packet is right. The packet has a header; one with IP
 * options, which nobody sends, never is.
 */
export function sealHolds(packet: Uint8Array, sealing: Omit<Sealing, "sequence">): boolean {
  if (packet[0] !== 0x45) return false;
  const at = IPV4_HEADER_LENGTH + ICV_LENGTH;
  return sameBytes(packet.subarray(at, at + ICV_LENGTH), checkValueOf(packet, sealing));
}

function checkValueOf(packet: Uint8Array, { mac, unicast }: Omit<Sealing, "sequence">): Uint8Array {
  const signed = packet.slice();
  signed[TOS] = 0;
  signed.fill(0, FRAGMENT, FRAGMENT + 2);
  if (unicast) signed[TTL] = 0;
  signed.fill(0, CHECKSUM, CHECKSUM + 2);
  const at = IPV4_HEADER_LENGTH + ICV_LENGTH;
  signed.fill(0, at, at + ICV_LENGTH);
  return mac(signed).subarray(0, ICV_LENGTH);
}
