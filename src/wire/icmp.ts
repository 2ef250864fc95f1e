// ICMP errors for IPv4 (RFC 792): a type, a code, and the beginning of the packet they are about.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { internetChecksum } from "./checksum.ts";

/** The protocol number of ICMP in an IPv4 header. */
export const IP_PROTOCOL_ICMP = 1;

/** Message types that matter to a balancer. */
export const icmpTypes = {
  destinationUnreachable: 3,
  sourceQuench: 4,
  echoRequest: 8,
  timeExceeded: 11,
} as const;

/** Code of a destination unreachable message: nobody listens. */
export const ICMP_PORT_UNREACHABLE = 3;

const HEADER_LENGTH = 8;

/** One message; for errors `payload` begins with the IP header of the packet they are about. */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** The second word: next-hop MTU of a "fragmentation needed", identifier and number of an echo. */
  readonly rest: number;
  readonly payload: Uint8Array;
}

/** Why bytes are no ICMP message. */
export interface IcmpFault {
  readonly kind: "truncated";
  readonly length: number;
}

/** Bytes of a message with a correct checksum. */
export function encodeIcmpMessage(message: IcmpMessage): Uint8Array {
  const bytes = new ByteWriter(HEADER_LENGTH + message.payload.length)
    .u8(message.type)
    .u8(message.code)
    .u16(0)
    .u32(message.rest)
    .bytes(message.payload)
    .finish();
  const checksum = internetChecksum(bytes);
  bytes[2] = checksum >> 8;
  bytes[3] = checksum & 255;
  return bytes;
}

/** Reads a message; the payload is a view. The checksum is not looked at. */
export function decodeIcmpMessage(bytes: Uint8Array): Result<IcmpMessage, IcmpFault> {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const code = reader.u8();
  reader.skip(2);
  const rest = reader.u32();
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  return ok({ type, code, rest, payload: reader.bytes(reader.left) });
}
