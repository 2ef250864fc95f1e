// VRRP adverts: version 2 (RFC 3768, with the eight bytes of RFC 2338's authentication data) and
// version 3 (RFC 9568), for IPv4 and IPv6.
//
//  0               1               2               3
//  |Version| Type  | VRID          | Priority      | Count         |
//  | v2: Auth Type | v2: Adver Int | Checksum                      |
//  |0000 | v3: Max Advertise Int   |                               |
//  | IPvX address (1) ... (Count)                                  |
//  | v2: Authentication data, 8 bytes                              |
//  | Trailer of signed adverts, 28 bytes                           |

import { familyOf, type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { ADVERT_TRAILER_LENGTH, encodeUnsignedTrailer, signAdvert } from "./advert-trailer.ts";
import { addToChecksum, finishChecksum } from "./checksum.ts";
import type { Mac } from "./digest/hmac.ts";
import { pseudoHeaderSum } from "./ip-packet.ts";

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
  /** 0: none; 1: PASS (RFC 2338); 2: an authentication header. */
  readonly authType: number;
  /** Exactly 8 bytes. */
  readonly authData: Uint8Array;
  /** All of the family of the packet. */
  readonly addresses: readonly IpAddress[];
}

/** An advert of version 3. */
export interface VrrpAdvertV3 {
  readonly version: 3;
  readonly vrid: number;
  readonly priority: number;
  /** 1..4095. */
  readonly intervalCs: number;
  readonly addresses: readonly IpAddress[];
}

export type VrrpAdvert = VrrpAdvertV2 | VrrpAdvertV3;

/** Both ends of an advert: part of version 3's checksum, and what says of which family it is. */
export interface AdvertEnds {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/**
 * What a checksum of version 3 over IPv4 covers. `pseudo-header`: also the addresses of the packet
 * (keepalived, FRRouting); `message`: the message alone (RFC 9568 section 5.2.8), which is the only
 * form of version 2; `group`: as `pseudo-header`, with the multicast group in the place of the
 * destination (unicast of keepalived before 1.3.7). IPv6 has `pseudo-header` only.
 */
export type ChecksumForm = "pseudo-header" | "message" | "group";

/** How the trailer of a signed advert is made. */
export interface AdvertSignature {
  readonly keyId: number;
  readonly sequence: bigint;
  /** HMAC-SHA256 with the key. */
  readonly mac: Mac;
}

/** What may differ from one instance to the next. */
export interface AdvertForm {
  /** Of version 3 over IPv4. */
  readonly checksum?: "pseudo-header" | "message";
  /** The destination that the checksum covers in the place of the real one. */
  readonly checksumDestination?: IpAddress;
  readonly signature?: AdvertSignature;
}

/** An advert with what its bytes said beside. */
export interface ReadAdvert {
  readonly advert: VrrpAdvert;
  readonly checksum: ChecksumForm;
  /** True: the last 28 bytes are a trailer, which is not yet verified. */
  readonly signed: boolean;
}

/** Why bytes are no advert, in the order in which they are checked. */
export interface VrrpAdvertFault {
  readonly kind: "truncated" | "version-wrong" | "length-wrong" | "checksum-wrong" | "type-wrong";
}

/** Bytes of an advert. */
export function encodeVrrpAdvert(
  advert: VrrpAdvert,
  ends: AdvertEnds,
  form: AdvertForm = {},
): Uint8Array {
  const { signature } = form;
  const length = messageLength(advert.version, ends, advert.addresses.length);
  const writer = new ByteWriter(length + (signature === undefined ? 0 : ADVERT_TRAILER_LENGTH))
    .u8((advert.version << 4) | TYPE_ADVERTISEMENT)
    .u8(advert.vrid)
    .u8(advert.priority)
    .u8(advert.addresses.length);
  if (advert.version === 2) writer.u8(advert.authType).u8(advert.intervalS);
  else writer.u16(advert.intervalCs & 0x0fff);
  writer.u16(0);
  for (const address of advert.addresses) writer.bytes(ipAddressBytes(address));
  if (advert.version === 2) writer.bytes(advert.authData);
  if (signature !== undefined)
    writer.bytes(encodeUnsignedTrailer(signature.keyId, signature.sequence));
  const bytes = writer.finish();
  if (signature !== undefined) signAdvert(bytes, ends.source, signature.mac);
  // Of IPv4 the checksum covers the message; of IPv6, where the kernel computes it, all that follows.
  const covered = familyOf(ends.source) === 6 ? bytes.length : length;
  const destination = form.checksumDestination ?? ends.destination;
  const pseudo = bare(advert.version, ends, form.checksum)
    ? 0
    : pseudoHeaderSum(ends.source, destination, IP_PROTOCOL_VRRP, covered);
  const checksum = finishChecksum(addToChecksum(pseudo, bytes, 0, covered));
  bytes[6] = checksum >> 8;
  bytes[7] = checksum & 255;
  return bytes;
}

/**
 * Reads an advert and verifies its checksum in every form that it may have; `group` is tried where
 * the group is given. Whether it is signed follows from its length alone.
 */
export function decodeVrrpAdvert(
  bytes: Uint8Array,
  ends: AdvertEnds,
  group?: IpAddress,
): Result<ReadAdvert, VrrpAdvertFault> {
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
  const length = messageLength(version, ends, count);
  const signed = bytes.length === length + ADVERT_TRAILER_LENGTH;
  if (bytes.length !== length && !signed) return fail({ kind: "length-wrong" });
  const checksum = checksumForm(bytes, length, version, ends, group);
  if (checksum === undefined) return fail({ kind: "checksum-wrong" });
  if ((first & 15) !== TYPE_ADVERTISEMENT) return fail({ kind: "type-wrong" });
  const addresses: IpAddress[] = [];
  const addressLength = addressLengthOf(ends);
  for (let i = 0; i < count; i++) addresses.push(ipAddressFromBytes(reader.bytes(addressLength)));
  const common = { vrid, priority, addresses };
  if (version === 3)
    return ok({ advert: { version, ...common, intervalCs: word & 0x0fff }, checksum, signed });
  const authData = reader.bytes(AUTH_DATA_LENGTH);
  const advert = {
    version,
    ...common,
    intervalS: word & 255,
    authType: word >> 8,
    authData,
  } as const;
  return ok({ advert, checksum, signed });
}

/** The 8 bytes that a password becomes: cut or filled with zeros (RFC 2338 section 5.3.10). */
export function encodePassword(password: string): Uint8Array {
  const bytes = new Uint8Array(AUTH_DATA_LENGTH);
  for (let i = 0; i < Math.min(password.length, AUTH_DATA_LENGTH); i++)
    bytes[i] = password.charCodeAt(i) & 255;
  return bytes;
}

function addressLengthOf(ends: AdvertEnds): number {
  return familyOf(ends.source) === 6 ? 16 : 4;
}

function messageLength(version: number, ends: AdvertEnds, addressCount: number): number {
  const addresses = addressLengthOf(ends) * addressCount;
  return HEADER_LENGTH + addresses + (version === 2 ? AUTH_DATA_LENGTH : 0);
}

/** True where the checksum covers the message alone. */
function bare(version: number, ends: AdvertEnds, form: AdvertForm["checksum"]): boolean {
  return familyOf(ends.source) === 4 && (version === 2 || form === "message");
}

function checksumForm(
  bytes: Uint8Array,
  length: number,
  version: number,
  ends: AdvertEnds,
  group: IpAddress | undefined,
): ChecksumForm | undefined {
  const six = familyOf(ends.source) === 6;
  const covered = six ? bytes.length : length;
  const sum = addToChecksum(0, bytes, 0, covered);
  const holds = (destination: IpAddress): boolean =>
    finishChecksum(sum + pseudoHeaderSum(ends.source, destination, IP_PROTOCOL_VRRP, covered)) ===
    0;
  if (version === 2 && !six) return finishChecksum(sum) === 0 ? "message" : undefined;
  if (holds(ends.destination)) return "pseudo-header";
  if (six) return undefined;
  if (finishChecksum(sum) === 0) return "message";
  return group !== undefined && holds(group) ? "group" : undefined;
}
