// Which packets are adverts for us. The order is that of RFC 9568 section 7.1 with RFC 3768's and
// our own checks between, so that the reason reported is the first that applies. A rejected packet
// has no effect but its counter: no timer, no state, no answer.

import { type IpAddress, ipv4FromNumber } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { decodeIpv4Packet } from "../wire/ipv4.ts";
import { decodeVrrpAdvert, IP_PROTOCOL_VRRP, type VrrpAdvert } from "../wire/vrrp-advert.ts";

/** Why a packet was refused; also the name of its counter. */
export type RejectKind =
  | "ip-header-wrong"
  | "own-address"
  | "protocol-wrong"
  | "ttl-wrong"
  | "truncated"
  | "version-wrong"
  | "length-wrong"
  | "checksum-wrong"
  | "type-wrong"
  | "vrid-unknown"
  | "destination-wrong"
  | "auth-type-wrong"
  | "auth-mismatch"
  | "address-count-zero"
  | "interval-zero"
  | "interval-mismatch"
  | "address-list-mismatch";

/** What the receiving interface expects of every packet. */
export interface LinkExpectation {
  /** Our own addresses there, as numbers, without the virtual ones. */
  readonly ownAddresses: readonly number[];
  /** The multicast group, as a number. */
  readonly group: number;
}

/** What one instance expects of its adverts. */
export interface AdvertExpectation {
  readonly version: 2 | 3;
  readonly intervalCs: number;
  readonly authType: 0 | 1;
  /** 8 bytes; compared only when `authType` is 1. */
  readonly authData: Uint8Array;
  /** The addresses that the instance advertises, in any order. */
  readonly addresses: ReadonlySet<number>;
}

/** A packet that may touch the machine. */
export interface AcceptedAdvert {
  readonly vrid: number;
  readonly priority: number;
  readonly source: IpAddress;
  readonly intervalMs: number;
}

/** A packet that may not. `vrid` is what it claims to be for, where it got that far. */
export interface RejectedPacket {
  readonly kind: RejectKind;
  readonly vrid: number | undefined;
}

/** Judges the bytes of a whole IPv4 packet against the instances of its interface, by VRID. */
export function validateAdvert(
  packet: Uint8Array,
  link: LinkExpectation,
  instances: ReadonlyMap<number, AdvertExpectation>,
): Result<AcceptedAdvert, RejectedPacket> {
  const ip = decodeIpv4Packet(packet);
  if (!ip.ok) return reject("ip-header-wrong", undefined);
  const { source, destination, payload, ttl, protocol } = ip.value;
  const claimed = payload[1];
  if (link.ownAddresses.includes(source)) return reject("own-address", claimed);
  if (protocol !== IP_PROTOCOL_VRRP) return reject("protocol-wrong", claimed);
  if (ttl !== 255) return reject("ttl-wrong", claimed);
  const decoded = decodeVrrpAdvert(payload, { source, destination });
  if (!decoded.ok) return reject(decoded.fault.kind, claimed);
  const advert = decoded.value;
  const expected = instances.get(advert.vrid);
  if (expected === undefined) return reject("vrid-unknown", claimed);
  if (advert.version !== expected.version) return reject("version-wrong", claimed);
  if (destination !== link.group) return reject("destination-wrong", claimed);
  const fault = judgeFields(advert, expected);
  if (fault !== undefined) return reject(fault, claimed);
  const intervalMs = advert.version === 2 ? advert.intervalS * 1000 : advert.intervalCs * 10;
  return ok({
    vrid: advert.vrid,
    priority: advert.priority,
    source: ipv4FromNumber(source),
    intervalMs,
  });
}

function judgeFields(advert: VrrpAdvert, expected: AdvertExpectation): RejectKind | undefined {
  if (advert.version === 2) {
    if (advert.authType !== expected.authType) return "auth-type-wrong";
    if (advert.authType === 1 && !sameBytes(advert.authData, expected.authData))
      return "auth-mismatch";
  }
  // RFC 9568 errata 8299 and 8301.
  if (advert.addresses.length === 0) return "address-count-zero";
  if (advert.version === 3) return advert.intervalCs === 0 ? "interval-zero" : undefined;
  if (advert.intervalS === 0) return "interval-zero";
  if (advert.intervalS * 100 !== expected.intervalCs) return "interval-mismatch";
  // RFC 3768 section 7.1: a different list is dropped unless the owner of the addresses sent it.
  if (advert.priority !== 255 && !sameAddresses(advert.addresses, expected.addresses))
    return "address-list-mismatch";
  return undefined;
}

function sameAddresses(list: readonly number[], expected: ReadonlySet<number>): boolean {
  return list.length === expected.size && list.every((address) => expected.has(address));
}

// Takes the same time wherever the difference is.
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}

function reject(kind: RejectKind, vrid: number | undefined): Result<never, RejectedPacket> {
  return fail({ kind, vrid });
}
