// Which packets are adverts for us. The order is that of RFC 9568 section 7.1 with RFC 3768's and
// our own checks between, so that the reason reported is the first that applies. A rejected packet
// has no effect but its counter: no timer, no state, no answer, nothing remembered.

import { familyOf, type IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import {
  type AuthenticationHeader,
  decodeAuthenticationHeader,
  IP_PROTOCOL_AH,
} from "../wire/authentication-header.ts";
import { decodeIpPacket, type IpPacket } from "../wire/ip-packet.ts";
import { isLinkLocal } from "../wire/ipv6.ts";
import {
  decodeVrrpAdvert,
  IP_PROTOCOL_VRRP,
  type ReadAdvert,
  type VrrpAdvert,
} from "../wire/vrrp-advert.ts";
import type {
  AcceptedAdvert,
  AdvertExpectation,
  AdvertNote,
  LinkExpectation,
  RejectedPacket,
  RejectKind,
} from "./advert-expectation.ts";
import { judgeAuthentication } from "./judge-authentication.ts";

export type {
  AcceptedAdvert,
  AdvertExpectation,
  LinkExpectation,
  RejectedPacket,
  RejectKind,
} from "./advert-expectation.ts";

const HOP_LIMIT = 255;

type Refusal = { readonly reject: RejectKind; readonly detail?: string };

/**
 * Judges the bytes of a whole IP packet against the instances of its socket, by VRID: one of each
 * VRID, or several that differ in their peers. `wallMs` is the wall clock, for signed adverts.
 */
export function validateAdvert(
  packet: Uint8Array,
  link: LinkExpectation,
  instances: ReadonlyMap<number, readonly AdvertExpectation[]>,
  wallMs: number,
): Result<AcceptedAdvert, RejectedPacket> {
  const ip = decodeIpPacket(packet, link.family);
  if (!ip.ok) return fail(rejected({ reject: "ip-header-wrong" }));
  const { source } = ip.value;
  const opened = openPacket(ip.value, link);
  const claim = { vrid: opened.message[1], source };
  if ("reject" in opened) return fail(rejected(opened, claim));
  const decoded = decodeVrrpAdvert(opened.message, ip.value, link.oldChecksumGroup);
  if (!decoded.ok) return fail(rejected({ reject: decoded.fault.kind }, claim));
  const read = decoded.value;
  const candidates = instances.get(read.advert.vrid) ?? [];
  const expected = candidates.find((one) => one.peers?.has(source) === true) ?? candidates[0];
  if (expected === undefined) return fail(rejected({ reject: "vrid-unknown" }, claim));
  const fault =
    judgeForm(read, ip.value, link, expected) ?? judgeSender(ip.value, expected, link.group);
  if (fault !== undefined) return fail(rejected(fault, claim, expected));
  const { header, message } = opened;
  const authentic = judgeAuthentication(
    { packet, message, source, read, header, wallMs },
    expected,
  );
  if ("reject" in authentic) return fail(rejected(authentic, claim, expected));
  const notes: AdvertNote[] = authentic.note === undefined ? [] : [authentic.note];
  const flaw = judgeFields(read.advert, source, expected, notes);
  if (flaw !== undefined) return fail(rejected(flaw, claim, expected));
  const { sealed, signed } = authentic;
  return ok({
    vrid: read.advert.vrid,
    priority: read.advert.priority,
    source,
    intervalMs: intervalMsOf(read.advert),
    notes,
    lesson: {
      checksum: read.checksum,
      ...(sealed === undefined ? {} : { sealed }),
      ...(signed === undefined ? {} : { signed }),
    },
    expectation: expected,
  });
}

interface Opened {
  readonly message: Uint8Array;
  readonly header: AuthenticationHeader | undefined;
}

/** Checks what comes before the message, and finds the message. */
function openPacket(ip: IpPacket, link: LinkExpectation): Opened | (Opened & Refusal) {
  const sealed = ip.protocol === IP_PROTOCOL_AH;
  const header = sealed ? decodeAuthenticationHeader(ip.payload) : undefined;
  const message = header?.ok === true ? header.value.payload : ip.payload;
  const plain: Opened = { message, header: undefined };
  if (link.ownAddresses.has(ip.source)) return { ...plain, reject: "own-address" };
  const wanted = link.authenticationHeader ? IP_PROTOCOL_AH : IP_PROTOCOL_VRRP;
  if (ip.protocol !== wanted) return { ...plain, reject: "protocol-wrong" };
  // What hop limit a unicast packet may have depends on its peer.
  if (link.group !== undefined && ip.hopLimit !== HOP_LIMIT)
    return { ...plain, reject: "ttl-wrong", detail: `TTL ${ip.hopLimit}` };
  if (header === undefined) return plain;
  if (!header.ok) return { ...plain, reject: header.fault.kind };
  return { message, header: header.value.header };
}

function judgeForm(
  read: ReadAdvert,
  ip: IpPacket,
  link: LinkExpectation,
  expected: AdvertExpectation,
): Refusal | undefined {
  const { version } = read.advert;
  if (version !== expected.version)
    return {
      reject: "version-wrong",
      detail: `version ${version} in the place of ${expected.version}`,
    };
  if (read.checksum === "group" && !expected.oldChecksum) return { reject: "checksum-wrong" };
  const right =
    link.group === undefined ? !isMulticast(ip.destination) : ip.destination === link.group;
  return right ? undefined : { reject: "destination-wrong", detail: `to ${ip.destination}` };
}

function judgeSender(
  ip: IpPacket,
  expected: AdvertExpectation,
  group: IpAddress | undefined,
): Refusal | undefined {
  if (group !== undefined || expected.anySource) return undefined;
  const range = expected.peers?.get(ip.source);
  if (range === undefined) return { reject: "peer-unknown" };
  if (ip.hopLimit >= range.min && ip.hopLimit <= range.max) return undefined;
  const expectation = range.max === 255 ? `at least ${range.min}` : `${range.min} to ${range.max}`;
  return { reject: "ttl-wrong", detail: `TTL ${ip.hopLimit}, expected ${expectation}` };
}

function judgeFields(
  advert: VrrpAdvert,
  source: IpAddress,
  expected: AdvertExpectation,
  notes: AdvertNote[],
): Refusal | undefined {
  const first = advert.addresses[0];
  // RFC 9568 errata 8299, 8301 and 8300.
  if (first === undefined) return { reject: "address-count-zero" };
  const intervalMs = intervalMsOf(advert);
  if (intervalMs === 0) return { reject: "interval-zero" };
  if (familyOf(first) === 6 && !isLinkLocal(first)) {
    if (expected.strict) return { reject: "first-address-wrong", detail: `it is ${first}` };
    // Who is configured in the same way has been told by the check.
    const [ownFirst] = expected.addresses;
    if (ownFirst !== undefined && isLinkLocal(ownFirst)) notes.push("first-address-differs");
  }
  if (intervalMs !== expected.intervalCs * 10) {
    const detail = `${intervalMs / 1000} s in the place of ${expected.intervalCs / 100} s`;
    if (advert.version === 2) return { reject: "interval-mismatch", detail };
    notes.push("interval-differs");
  }
  const trusted = expected.trustsLastSource && expected.memory.lastSource === source;
  if (!trusted && !sameAddresses(advert.addresses, expected.addresses)) {
    // RFC 3768 section 7.1: a different list is dropped unless the owner of the addresses sent it.
    if (advert.version === 2 && advert.priority !== 255)
      return { reject: "address-list-mismatch", detail: listText(advert.addresses) };
    notes.push("addresses-differ");
  }
  return expected.ignoresAdverts ? { reject: "owner-ignores" } : undefined;
}

function intervalMsOf(advert: VrrpAdvert): number {
  return advert.version === 2 ? advert.intervalS * 1000 : advert.intervalCs * 10;
}

function sameAddresses(list: readonly IpAddress[], expected: ReadonlySet<IpAddress>): boolean {
  return list.length === expected.size && list.every((address) => expected.has(address));
}

function listText(addresses: readonly IpAddress[]): string {
  const more = addresses.length - 3;
  return `it lists ${addresses.slice(0, 3).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function isMulticast(address: IpAddress): boolean {
  return familyOf(address) === 6 ? address.startsWith("ff") : Number.parseInt(address, 10) >= 224;
}

function rejected(
  refusal: Refusal,
  claim?: { readonly vrid: number | undefined; readonly source: IpAddress },
  expectation?: AdvertExpectation,
): RejectedPacket {
  const { reject: kind, detail } = refusal;
  return {
    kind,
    vrid: claim?.vrid,
    source: claim?.source,
    expectation,
    ...(detail === undefined ? {} : { detail }),
  };
}
