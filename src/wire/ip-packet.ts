// IP packets of either family, as far as both have the same: what VRRP looks at.

import {
  type Family,
  type IpAddress,
  ipAddressBytes,
  ipv4FromNumber,
  ipv4Number,
} from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { addToChecksum } from "./checksum.ts";
import { decodeIpv4Packet, encodeIpv4Packet } from "./ipv4.ts";
import { decodeIpv6Packet, encodeIpv6Packet } from "./ipv6.ts";

/** One packet. */
export interface IpPacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** TTL or hop limit, 0..255. */
  readonly hopLimit: number;
  /** TOS or traffic class, 0..255. */
  readonly trafficClass: number;
  /** Protocol or next header. */
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** The identification of IPv4 (0: the kernel chooses one) or the flow label of IPv6. */
  readonly label: number;
}

/** Why bytes are no packet of the family. */
export interface IpPacketFault {
  readonly kind: "ip-header-wrong";
}

/** Bytes of a packet; the source says of which family it is. */
export function encodeIpPacket(packet: IpPacket): Uint8Array {
  const { source, destination, hopLimit, trafficClass, protocol, payload, label } = packet;
  if (source.includes(":"))
    return encodeIpv6Packet({
      trafficClass,
      flowLabel: label,
      nextHeader: protocol,
      hopLimit,
      source,
      destination,
      payload,
    });
  return encodeIpv4Packet({
    tos: trafficClass,
    identification: label,
    ttl: hopLimit,
    protocol,
    source: ipv4Number(source),
    destination: ipv4Number(destination),
    payload,
  });
}

/** Reads a packet of the family; the payload is a view. */
export function decodeIpPacket(bytes: Uint8Array, family: Family): Result<IpPacket, IpPacketFault> {
  if (family === 6) {
    const six = decodeIpv6Packet(bytes);
    if (!six.ok) return fail({ kind: "ip-header-wrong" });
    const { nextHeader, flowLabel, ...rest } = six.value;
    return ok({ ...rest, protocol: nextHeader, label: flowLabel });
  }
  const four = decodeIpv4Packet(bytes);
  if (!four.ok) return fail({ kind: "ip-header-wrong" });
  const { tos, identification, ttl, protocol, source, destination, payload } = four.value;
  return ok({
    source: ipv4FromNumber(source),
    destination: ipv4FromNumber(destination),
    hopLimit: ttl,
    trafficClass: tos,
    protocol,
    payload,
    label: identification,
  });
}

/** The sum over the pseudo-header of either family (RFC 793 section 3.1, RFC 8200 section 8.1). */
export function pseudoHeaderSum(
  source: IpAddress,
  destination: IpAddress,
  protocol: number,
  length: number,
): number {
  const from = ipAddressBytes(source);
  const to = ipAddressBytes(destination);
  const sum = addToChecksum(0, from, 0, from.length);
  return addToChecksum(sum, to, 0, to.length) + protocol + length;
}
