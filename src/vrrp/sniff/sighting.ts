// One advert as an onlooker sees it: nothing is configured, so nothing is refused that can be read.

import type { Family, IpAddress } from "../../base/address.ts";
import { toHex } from "../../base/bytes.ts";
import { ADVERT_TRAILER_LENGTH, decodeAdvertTrailer } from "../../wire/advert-trailer.ts";
import { decodeAuthenticationHeader, IP_PROTOCOL_AH } from "../../wire/authentication-header.ts";
import { addToChecksum, finishChecksum } from "../../wire/checksum.ts";
import { decodeIpPacket, type IpPacket, pseudoHeaderSum } from "../../wire/ip-packet.ts";
import {
  type ChecksumForm,
  decodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type ReadAdvert,
} from "../../wire/vrrp-advert.ts";

const CHECKSUM_AT = 6;

/** A packet of VRRP on the wire. */
export interface HeardPacket {
  readonly interface: string;
  /** True: sent by this host. */
  readonly outgoing: boolean;
  /** The whole IP packet. */
  readonly bytes: Uint8Array;
  /** The hardware address that it came from, as text. */
  readonly mac: string;
  /** Wall clock. */
  readonly atMs: number;
}

/** How an advert is authenticated. */
export type AuthenticationSeen = "none" | "PASS" | "AH" | "HMAC" | "unknown";

/** One advert. */
export interface Sighting {
  readonly interface: string;
  readonly outgoing: boolean;
  readonly mac: string;
  readonly atMs: number;
  readonly family: Family;
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly hopLimit: number;
  readonly priority: number;
  readonly intervalMs: number;
  readonly addresses: readonly IpAddress[];
  readonly authentication: AuthenticationSeen;
  /** Tells passwords and keys from one another; never shown, and no secret can be read from a key's number. */
  readonly credential: string;
  readonly checksum: ChecksumForm | "wrong";
}

/** Reads a packet; undefined where it is no advert of VRRP at all. */
export function readSighting(packet: HeardPacket): Sighting | undefined {
  const family: Family = (packet.bytes[0] ?? 0) >> 4 === 6 ? 6 : 4;
  const ip = decodeIpPacket(packet.bytes, family);
  if (!ip.ok) return undefined;
  const sealed = ip.value.protocol === IP_PROTOCOL_AH;
  const header = sealed ? decodeAuthenticationHeader(ip.value.payload) : undefined;
  if (sealed && (header?.ok !== true || header.value.header.nextHeader !== IP_PROTOCOL_VRRP))
    return undefined;
  const message = header?.ok === true ? header.value.payload : ip.value.payload;
  const read = readLeniently(message, ip.value);
  if (read === undefined) return undefined;
  const { advert } = read;
  return {
    interface: packet.interface,
    outgoing: packet.outgoing,
    mac: packet.mac,
    atMs: packet.atMs,
    family,
    vrid: advert.vrid,
    version: advert.version,
    source: ip.value.source,
    destination: ip.value.destination,
    hopLimit: ip.value.hopLimit,
    priority: advert.priority,
    intervalMs: advert.version === 2 ? advert.intervalS * 1000 : advert.intervalCs * 10,
    addresses: advert.addresses,
    checksum: read.checksum,
    ...authenticationOf(read, message, sealed),
  };
}

type Read = Omit<ReadAdvert, "checksum"> & { readonly checksum: ChecksumForm | "wrong" };

function readLeniently(message: Uint8Array, ip: IpPacket): Read | undefined {
  const read = decodeVrrpAdvert(message, ip);
  if (read.ok) return read.value;
  if (read.fault.kind !== "checksum-wrong") return undefined;
  const mended = message.slice();
  mended.fill(0, CHECKSUM_AT, CHECKSUM_AT + 2);
  // A trailer of IPv4 is not covered: try the whole, then all but the trailer.
  for (const covered of [mended.length, mended.length - ADVERT_TRAILER_LENGTH]) {
    const six = ip.source.includes(":");
    const pseudo = six ? pseudoHeaderSum(ip.source, ip.destination, IP_PROTOCOL_VRRP, covered) : 0;
    mended.fill(0, CHECKSUM_AT, CHECKSUM_AT + 2);
    const checksum = finishChecksum(addToChecksum(pseudo, mended, 0, Math.max(0, covered)));
    mended[CHECKSUM_AT] = checksum >> 8;
    mended[CHECKSUM_AT + 1] = checksum & 255;
    const again = decodeVrrpAdvert(mended, ip);
    if (again.ok) return { ...again.value, checksum: "wrong" };
  }
  return undefined;
}

function authenticationOf(
  { advert, signed }: Read,
  message: Uint8Array,
  sealed: boolean,
): Pick<Sighting, "authentication" | "credential"> {
  if (signed) {
    const { keyId } = decodeAdvertTrailer(message.subarray(-ADVERT_TRAILER_LENGTH));
    return { authentication: "HMAC", credential: `key ${keyId}` };
  }
  if (sealed) return { authentication: "AH", credential: "" };
  if (advert.version === 3 || advert.authType === 0)
    return { authentication: "none", credential: "" };
  if (advert.authType === 1) return { authentication: "PASS", credential: toHex(advert.authData) };
  return { authentication: "unknown", credential: `type ${advert.authType}` };
}
