// The signed trailer that keepalived 2.4 puts behind an advert of either version and family.
//
//  | Type = 1      | Key id        | 0                             |
//  | Seconds since 1970                                            |
//  | Fraction of a second / 2^16   | Counter                       |
//  | The first 128 bits of an HMAC-SHA256                          |
//
// What is signed: {family, version, VRID, 0, source address in 16 bytes}, the message with a checksum
// of zero, and the trailer with a digest of zero. The destination is not part of it.

import { familyOf, type IpAddress, ipAddressBytes } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { type Mac, sameBytes } from "./digest/hmac.ts";

/** Bytes of the trailer. */
export const ADVERT_TRAILER_LENGTH = 28;

const TYPE_HMAC_SHA256 = 1;
const DIGEST_LENGTH = 16;
const PSEUDO_LENGTH = 20;
const CHECKSUM_OFFSET = 6;

/** What a trailer says. */
export interface AdvertTrailer {
  /** False: of another type, or with reserved bits set. */
  readonly wellFormed: boolean;
  /** 1..255. */
  readonly keyId: number;
  /** Seconds, fraction and counter as one number of 64 bits: the order of a sender's adverts. */
  readonly sequence: bigint;
}

/** Reads the 28 bytes. */
export function decodeAdvertTrailer(bytes: Uint8Array): AdvertTrailer {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const keyId = reader.u8();
  const reserved = reader.u16();
  const sequence = reader.u64();
  const wellFormed = !reader.overrun && type === TYPE_HMAC_SHA256 && reserved === 0;
  return { wellFormed, keyId, sequence };
}

/** The 28 bytes with a digest of zero. */
export function encodeUnsignedTrailer(keyId: number, sequence: bigint): Uint8Array {
  return new ByteWriter(ADVERT_TRAILER_LENGTH)
    .u8(TYPE_HMAC_SHA256)
    .u8(keyId)
    .u16(0)
    .u64(sequence)
    .zeros(DIGEST_LENGTH)
    .finish();
}

/** Writes the digest into the last bytes of a message with its trailer; the checksum may stand there. */
export function signAdvert(message: Uint8Array, source: IpAddress, mac: Mac): void {
  message.set(digestOf(message, source, mac), message.length - DIGEST_LENGTH);
}

/** True when the digest at the end of a message with its trailer is right. */
export function advertSignatureHolds(message: Uint8Array, source: IpAddress, mac: Mac): boolean {
  const digest = message.subarray(message.length - DIGEST_LENGTH);
  return sameBytes(digest, digestOf(message, source, mac));
}

/** The part of a sequence that is seconds since 1970, modulo 2^32. */
export function secondsOfSequence(sequence: bigint): number {
  return Number((sequence >> 32n) & 0xffff_ffffn);
}

/** The sequence of a moment, with a counter of 0. */
export function sequenceAt(wallMs: number): bigint {
  const seconds = Math.floor(wallMs / 1000);
  const fraction = Math.floor(((wallMs - seconds * 1000) * 0x10000) / 1000);
  return BigInt.asUintN(64, (BigInt(seconds) << 32n) | (BigInt(fraction) << 16n));
}

/** True when `a` comes after `b` in serial number arithmetic (RFC 1982). */
export function sequenceAfter(a: bigint, b: bigint): boolean {
  return BigInt.asIntN(64, a - b) > 0n;
}

function digestOf(message: Uint8Array, source: IpAddress, mac: Mac): Uint8Array {
  const signed = new Uint8Array(PSEUDO_LENGTH + message.length);
  signed[0] = familyOf(source);
  signed[1] = (message[0] ?? 0) >> 4;
  signed[2] = message[1] ?? 0;
  signed.set(ipAddressBytes(source), 4);
  signed.set(message, PSEUDO_LENGTH);
  signed.fill(0, PSEUDO_LENGTH + CHECKSUM_OFFSET, PSEUDO_LENGTH + CHECKSUM_OFFSET + 2);
  signed.fill(0, signed.length - DIGEST_LENGTH);
  return mac(signed).subarray(0, DIGEST_LENGTH);
}
