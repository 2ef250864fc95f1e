// UDP datagrams (RFC 768) over IPv4.

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum, ipv4PseudoHeaderSum } from "./checksum.ts";
import type { Ipv4Ends } from "./tcp.ts";

/** The protocol number of UDP in an IP header. */
export const IP_PROTOCOL_UDP = 17;

const HEADER_LENGTH = 8;

/** One datagram. */
export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** Why bytes are no UDP datagram. */
export type UdpFault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "length-wrong"; readonly length: number };

/** Bytes of a datagram with a correct checksum. A sum of 0 is sent as 0xffff: 0 means none. */
export function encodeUdpDatagram(datagram: UdpDatagram, ends: Ipv4Ends): Uint8Array {
  const length = HEADER_LENGTH + datagram.payload.length;
  const bytes = new ByteWriter(length)
    .u16(datagram.sourcePort)
    .u16(datagram.destinationPort)
    .u16(length)
    .u16(0)
    .bytes(datagram.payload)
    .finish();
  const pseudo = ipv4PseudoHeaderSum({ ...ends, protocol: IP_PROTOCOL_UDP, length });
  const checksum = finishChecksum(addToChecksum(pseudo, bytes, 0, length)) || 0xffff;
  bytes[6] = checksum >> 8;
  bytes[7] = checksum & 255;
  return bytes;
}

/** Reads a datagram; the payload is a view. The checksum is not looked at. */
export function decodeUdpDatagram(bytes: Uint8Array): Result<UdpDatagram, UdpFault> {
  const reader = new ByteReader(bytes);
  const sourcePort = reader.u16();
  const destinationPort = reader.u16();
  const length = reader.u16();
  reader.skip(2);
  if (reader.overrun) return fail({ kind: "truncated", length: bytes.length });
  if (length < HEADER_LENGTH || length > bytes.length)
    return fail({ kind: "length-wrong", length });
  return ok({ sourcePort, destinationPort, payload: bytes.subarray(HEADER_LENGTH, length) });
}
