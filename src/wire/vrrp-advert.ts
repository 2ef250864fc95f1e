// VRRP adverts for IPv4: version 2 (RFC 3768, with the eight bytes of RFC 2338's authentication
// data) and version 3 (RFC 9568).
//
//  0               1               2               3
//  |Version| Type  | VRID          | Priority      | Count         |
//  | v2: Auth Type | v2: Adver Int | Checksum                      |
//  |0000 | v3: Max Advertise Int   |                               |
//  | IPv4 address (1) ... (Count)                                  |
//  | v2: Authentication data, 8 bytes                              |

import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum, ipv4PseudoHeaderSum } from "./checksum.ts";

/** The IP protocol number of VRRP. */
export const IP_PROTOCOL_VRRP = 112;
/** Most addresses that one advert can carry. */
export const ADVERT_ADDRESSES_MAX = 255;

const TYPE_ADVERTISEMENT = 1;
const HEADER_LENGTH = 8;
const AUTH_DATA_LENGTH = 8;

/** An advert of version 2. */
export interface VrrpAdvertV2 {
  readonly version: 2;
  /** 1..255. */
  readonly vrid: number;
  /** 0: the sender gives up; 255: the sender owns the addresses. */
  readonly priority: number;
  /** 1..255. */
  readonly intervalS: number;
  /** 0: none; 1: PASS (RFC 2338). */
  readonly authType: number;
  /** Exactly 8 bytes. */
  readonly authData: Uint8Array;
  /** Unsigned 32-bit numbers. */
  readonly addresses: readonly number[];
}

/** An advert of version 3. */
export interface VrrpAdvertV3 {
  readonly version: 3;
  readonly vrid: number;
  readonly priority: number;
  /** 1..4095. */
  readonly intervalCs: number;
  readonly addresses: readonly number[];
}

export type VrrpAdvert = VrrpAdvertV2 | VrrpAdvertV3;

/** Both ends of an advert, as unsigned 32-bit numbers: part of version 3's checksum. */
export interface AdvertEnds {
  readonly source: number;
  readonly destination: number;
}

/** Why bytes are no advert, in the order in which they are checked. */
export interface VrrpAdvertFault {
  readonly kind: "truncated" | "version-wrong" | "length-wrong" | "checksum-wrong" | "type-wrong";
}

/** Bytes of an advert. Version 3 is summed with the IPv4 pseudo-header, as keepalived does. */
export function encodeVrrpAdvert(advert: VrrpAdvert, ends: AdvertEnds): Uint8Array {
  const length = messageLength(advert.version, advert.addresses.length);
  const writer = new ByteWriter(length)
    .u8((advert.version << 4) | TYPE_ADVERTISEMENT)
    .u8(advert.vrid)
    .u8(advert.priority)
    .u8(advert.addresses.length);
  if (advert.version === 2) writer.u8(advert.authType).u8(advert.intervalS);
  else writer.u16(advert.intervalCs & 0x0fff);
  writer.u16(0);
  for (const address of advert.addresses) writer.u32(address);
  if (advert.version === 2) writer.bytes(advert.authData);
  const bytes = writer.finish();
  const pseudo = advert.version === 3 ? pseudoHeaderSum(ends, length) : 0;
  const checksum = finishChecksum(addToChecksum(pseudo, bytes, 0, length));
  bytes[6] = checksum >> 8;
  bytes[7] = checksum & 255;
  return bytes;
}

/**
 * Reads an advert and verifies its checksum. A checksum of version 3 may be taken with the
 * pseudo-header (keepalived, FRRouting) or over the message alone (RFC 9568 section 5.2.8).
 */
export function decodeVrrpAdvert(
  bytes: Uint8Array,
  ends: AdvertEnds,
): Result<VrrpAdvert, VrrpAdvertFault> {
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const vrid = reader.u8();
  const priority = reader.u8();
  const count = reader.u8();
  const word = reader.u16();
  reader.skip(2);
  if (reader.overrun) return fail({ kind: "truncated" });
  const version = first >> 4;
  if (version !== 2 && version !== 3) return fail({ kind: "version-wrong" });
  if (bytes.length !== messageLength(version, count)) return fail({ kind: "length-wrong" });
  if (!checksumHolds(bytes, version, ends)) return fail({ kind: "checksum-wrong" });
  if ((first & 15) !== TYPE_ADVERTISEMENT) return fail({ kind: "type-wrong" });
  const addresses: number[] = [];
  for (let i = 0; i < count; i++) addresses.push(reader.u32());
  if (version === 3) return ok({ version, vrid, priority, intervalCs: word & 0x0fff, addresses });
  const authData = reader.bytes(AUTH_DATA_LENGTH);
  return ok({
    version,
    vrid,
    priority,
    intervalS: word & 255,
    authType: word >> 8,
    authData,
    addresses,
  });
}

/** The 8 bytes that a PASS password becomes: cut or filled with zeros (RFC 2338 section 5.3.10). */
export function encodePassword(password: string): Uint8Array {
  const bytes = new Uint8Array(AUTH_DATA_LENGTH);
  for (let i = 0; i < Math.min(password.length, AUTH_DATA_LENGTH); i++)
    bytes[i] = password.charCodeAt(i) & 255;
  return bytes;
}

function messageLength(version: number, addressCount: number): number {
  return HEADER_LENGTH + 4 * addressCount + (version === 2 ? AUTH_DATA_LENGTH : 0);
}

function checksumHolds(bytes: Uint8Array, version: number, ends: AdvertEnds): boolean {
  const sum = addToChecksum(0, bytes, 0, bytes.length);
  if (finishChecksum(sum) === 0) return true;
  return version === 3 && finishChecksum(sum + pseudoHeaderSum(ends, bytes.length)) === 0;
}

function pseudoHeaderSum(ends: AdvertEnds, length: number): number {
  return ipv4PseudoHeaderSum({
    source: ends.source,
    destination: ends.destination,
    protocol: IP_PROTOCOL_VRRP,
    length,
  });
}
