// Neighbour advertisements of IPv6 (RFC 4861 section 4.4), and the announcement of an address as
// keepalived sends it.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../base/address.ts";
import { ByteReader, ByteWriter } from "../base/bytes.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum, finishChecksum } from "./checksum.ts";
import { ETHERTYPE_IPV6, encodeEthernetFrame } from "./ethernet.ts";
import { pseudoHeaderSum } from "./ip-packet.ts";
import { decodeIpv6Packet, encodeIpv6Packet } from "./ipv6.ts";

/** The next header of ICMPv6. */
export const IP_PROTOCOL_ICMPV6 = 58;

const ALL_NODES = "ff02::1" as IpAddress;
const ALL_NODES_MAC = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);
const TYPE_ADVERTISEMENT = 136;
const OPTION_TARGET_HARDWARE = 2;
const FLAG_ROUTER = 0x80;
const FLAG_SOLICITED = 0x40;
const FLAG_OVERRIDE = 0x20;
const HEADER_LENGTH = 24;
const OPTION_LENGTH = 8;
const HOP_LIMIT = 255;

/** One advertisement. */
export interface NeighbourAdvertisement {
  /** The sender forwards packets. */
  readonly router: boolean;
  readonly solicited: boolean;
  /** Entries that say otherwise are replaced. */
  readonly override: boolean;
  readonly target: IpAddress;
  /** 6 bytes; absent where the option is. */
  readonly targetHardware?: Uint8Array;
}

/** Both ends of the packet, which the checksum covers. */
export interface NeighbourEnds {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/** Why bytes are no neighbour advertisement, or none that RFC 4861 section 7.1.2 lets count. */
export interface NeighbourFault {
  readonly kind:
    | "truncated"
    | "not-an-advertisement"
    | "checksum-wrong"
    | "hop-limit-wrong"
    | "option-wrong";
}

/** The ICMPv6 message. */
export function encodeNeighbourAdvertisement(
  advertisement: NeighbourAdvertisement,
  { source, destination }: NeighbourEnds,
): Uint8Array {
  const { targetHardware } = advertisement;
  const length = HEADER_LENGTH + (targetHardware === undefined ? 0 : OPTION_LENGTH);
  const flags =
    (advertisement.router ? FLAG_ROUTER : 0) |
    (advertisement.solicited ? FLAG_SOLICITED : 0) |
    (advertisement.override ? FLAG_OVERRIDE : 0);
  const writer = new ByteWriter(length)
    .u8(TYPE_ADVERTISEMENT)
    .u8(0)
    .u16(0)
    .u8(flags)
    .zeros(3)
    .bytes(ipAddressBytes(advertisement.target));
  if (targetHardware !== undefined) writer.u8(OPTION_TARGET_HARDWARE).u8(1).bytes(targetHardware);
  const bytes = writer.finish();
  const pseudo = pseudoHeaderSum(source, destination, IP_PROTOCOL_ICMPV6, length);
  const checksum = finishChecksum(addToChecksum(pseudo, bytes, 0, length));
  bytes[2] = checksum >> 8;
  bytes[3] = checksum & 255;
  return bytes;
}

/** Reads the IPv6 packet of a neighbour advertisement and verifies it. Other options are passed over. */
export function decodeNeighbourAdvertisement(
  packet: Uint8Array,
): Result<NeighbourAdvertisement & NeighbourEnds, NeighbourFault> {
  const ip = decodeIpv6Packet(packet);
  if (!ip.ok) return fail({ kind: "truncated" });
  const { source, destination, payload, nextHeader, hopLimit } = ip.value;
  if (nextHeader !== IP_PROTOCOL_ICMPV6) return fail({ kind: "not-an-advertisement" });
  const reader = new ByteReader(payload);
  const type = reader.u8();
  const code = reader.u8();
  reader.skip(2);
  const flags = reader.u8();
  reader.skip(3);
  const target = reader.bytes(16);
  if (reader.overrun) return fail({ kind: "truncated" });
  if (type !== TYPE_ADVERTISEMENT || code !== 0) return fail({ kind: "not-an-advertisement" });
  if (hopLimit !== HOP_LIMIT) return fail({ kind: "hop-limit-wrong" });
  const pseudo = pseudoHeaderSum(source, destination, IP_PROTOCOL_ICMPV6, payload.length);
  if (finishChecksum(addToChecksum(pseudo, payload, 0, payload.length)) !== 0)
    return fail({ kind: "checksum-wrong" });
  let targetHardware: Uint8Array | undefined;
  while (reader.left > 0) {
    const option = reader.u8();
    const value = reader.bytes(reader.u8() * 8 - 2);
    // A length of 0 would never end (RFC 4861 section 4.6).
    if (reader.overrun || value.length === 0) return fail({ kind: "option-wrong" });
    if (option === OPTION_TARGET_HARDWARE && value.length === 6) targetHardware ??= value;
  }
  return ok({
    source,
    destination,
    router: (flags & FLAG_ROUTER) !== 0,
    solicited: (flags & FLAG_SOLICITED) !== 0,
    override: (flags & FLAG_OVERRIDE) !== 0,
    target: ipAddressFromBytes(target),
    ...(targetHardware === undefined ? {} : { targetHardware }),
  });
}

/**
 * The frame that tells a segment which hardware address has `address`: unsolicited, overriding, from
 * the address itself to all nodes. `router` says whether the sender forwards: a host that is told so
 * of a router that does not forward would go on using it.
 */
export function encodeUnsolicitedAdvertisement(
  mac: Uint8Array,
  address: IpAddress,
  router: boolean,
): Uint8Array {
  const ends = { source: address, destination: ALL_NODES };
  const payload = encodeNeighbourAdvertisement(
    { router, solicited: false, override: true, target: address, targetHardware: mac },
    ends,
  );
  const packet = encodeIpv6Packet({
    trafficClass: 0,
    flowLabel: 0,
    nextHeader: IP_PROTOCOL_ICMPV6,
    hopLimit: HOP_LIMIT,
    ...ends,
    payload,
  });
  return encodeEthernetFrame({
    destination: ALL_NODES_MAC,
    source: mac,
    type: ETHERTYPE_IPV6,
    payload: packet,
  });
}
