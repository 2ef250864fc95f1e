// Messages between Keelson routers over UDP, beside VRRP: a MASTER that leaves asks who would take
// over at once, and a router that hears no adverts asks whether the MASTER lives.
//
//  "KEEL" | version | kind | vrid | family | priority | state | 2 bytes of zeros
//  nonce, 8 bytes | echo, 8 bytes | HMAC-SHA256 of all before, 16 bytes

import type { IpAddress } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum } from "./checksum.ts";
import { type Mac, sameBytes } from "./digest/hmac.ts";
import { encodeIpPacket, pseudoHeaderSum } from "./ip-packet.ts";
import { IP_PROTOCOL_UDP } from "./udp.ts";

/** The UDP port of these messages unless another one is configured. */
export const PEER_PORT_DEFAULT = 8112;

const MAGIC = 0x4b45454c;
const VERSION = 1;
const SIGNED_LENGTH = 28;
const SIGNATURE_LENGTH = 16;
const LENGTH = SIGNED_LENGTH + SIGNATURE_LENGTH;

/** `offer`: who takes over? `candidate`: I would. `grant`: do it now. `query`: are you there? `answer`: I am. */
const KINDS = ["offer", "candidate", "grant", "query", "answer"] as const;
const STATES = ["INIT", "BACKUP", "MASTER", "FAULT"] as const;

/** One message about one virtual router. */
export interface PeerMessage {
  readonly kind: (typeof KINDS)[number];
  /** 1..255. */
  readonly vrid: number;
  readonly family: 4 | 6;
  /** Effective priority of the sender. */
  readonly priority: number;
  readonly state: (typeof STATES)[number];
  /** 8 bytes that nobody can guess. */
  readonly nonce: Uint8Array;
  /** The nonce that is answered; zeros in an offer and in a query. */
  readonly echo: Uint8Array;
}

/** Why bytes are no message of ours. */
export interface PeerMessageFault {
  readonly kind: "length-wrong" | "not-ours" | "version-wrong" | "value-wrong" | "signature-wrong";
}

/** The 44 bytes of a message. */
export function encodePeerMessage(message: PeerMessage, sign: Mac): Uint8Array {
  const signed = new ByteWriter(SIGNED_LENGTH)
    .u32(MAGIC)
    .u8(VERSION)
    .u8(KINDS.indexOf(message.kind) + 1)
    .u8(message.vrid)
    .u8(message.family)
    .u8(message.priority)
    .u8(STATES.indexOf(message.state))
    .u16(0)
    .bytes(message.nonce)
    .bytes(message.echo)
    .finish();
  const signature = sign(signed).subarray(0, SIGNATURE_LENGTH);
  return new ByteWriter(LENGTH).bytes(signed).bytes(signature).finish();
}

/** Which virtual router a message claims to be about, so that its secret can be found. */
export function peerMessageRouter(
  bytes: Uint8Array,
): { readonly vrid: number; readonly family: number } | undefined {
  if (bytes.length !== LENGTH) return undefined;
  return { vrid: bytes[6] ?? 0, family: bytes[7] ?? 0 };
}

/** Reads a message and verifies its signature. */
export function decodePeerMessage(
  bytes: Uint8Array,
  sign: Mac,
): Result<PeerMessage, PeerMessageFault> {
  if (bytes.length !== LENGTH) return fail({ kind: "length-wrong" });
  const reader = new ByteReader(bytes);
  if (reader.u32() !== MAGIC) return fail({ kind: "not-ours" });
  if (reader.u8() !== VERSION) return fail({ kind: "version-wrong" });
  const kind = KINDS[reader.u8() - 1];
  const vrid = reader.u8();
  const family = reader.u8();
  const priority = reader.u8();
  const state = STATES[reader.u8()];
  reader.u16();
  const nonce = reader.bytes(8).slice();
  const echo = reader.bytes(8).slice();
  if (kind === undefined || state === undefined || vrid === 0) return fail({ kind: "value-wrong" });
  if (family !== 4 && family !== 6) return fail({ kind: "value-wrong" });
  const expected = sign(bytes.subarray(0, SIGNED_LENGTH));
  const signature = bytes.subarray(SIGNED_LENGTH);
  if (!sameBytes(signature, expected.subarray(0, SIGNATURE_LENGTH)))
    return fail({ kind: "signature-wrong" });
  return ok({ kind, vrid, family, priority, state, nonce, echo });
}

/** Where a message goes, and from where. */
export interface PeerEnds {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** UDP port on both sides. */
  readonly port: number;
}

/** The whole IP packet of a message; TTL 255 proves that it has not crossed a router (RFC 5082). */
export function encodePeerPacket(message: Uint8Array, ends: PeerEnds): Uint8Array {
  const { source, destination, port } = ends;
  const length = 8 + message.length;
  const datagram = new ByteWriter(length)
    .u16(port)
    .u16(port)
    .u16(length)
    .u16(0)
    .bytes(message)
    .finish();
  const pseudo = pseudoHeaderSum(source, destination, IP_PROTOCOL_UDP, length);
  const checksum = finishChecksum(addToChecksum(pseudo, datagram, 0, length)) || 0xffff;
  datagram[6] = checksum >> 8;
  datagram[7] = checksum & 255;
  return encodeIpPacket({
    trafficClass: 0xc0,
    label: 0,
    hopLimit: 255,
    protocol: IP_PROTOCOL_UDP,
    source,
    destination,
    payload: datagram,
  });
}
