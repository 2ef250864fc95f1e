// ICMP errors of both families: those that the director sends itself, and the packets inside those
// that pass it.

import type { Family, IpAddress } from "../base/address.ts";
import { addToChecksum, finishChecksum } from "../wire/checksum.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, encodeEthernetFrame } from "../wire/ethernet.ts";
import { encodeIcmpMessage, IP_PROTOCOL_ICMP, icmpTypes } from "../wire/icmp.ts";
import { encodeIpPacket, pseudoHeaderSum } from "../wire/ip-packet.ts";
import { IP_PROTOCOL_ICMPV6 } from "../wire/neighbour-advertisement.ts";
import {
  type NetworkView,
  type PacketView,
  readU8,
  readU16,
  type TransportView,
  viewNetwork,
  viewTransport,
  writeU16,
} from "./packet.ts";
import { correctChecksum } from "./rewrite.ts";

/** An error answers with at most this much IP packet (RFC 1812 4.3.2.3, RFC 4443 section 2.4). */
const errorPacketLengthMax: Readonly<Record<Family, number>> = { 4: 576, 6: 1280 };
const ICMP_HEADER_LENGTH = 8;
/** Precedence "internetwork control", which routers give their errors (RFC 1812 4.3.2.5). */
const CONTROL_PRECEDENCE = 0xc0;
/** ICMPv6 types from here on are no errors (RFC 4443 section 2.1). */
const ICMPV6_INFORMATIONAL = 128;
const ERROR_HOP_LIMIT = 64;

/** What the director itself says by ICMP. */
export type DirectorError = "port-unreachable" | "time-exceeded" | "too-big";

const typesAndCodes: Readonly<Record<DirectorError, Readonly<Record<Family, [number, number]>>>> = {
  "port-unreachable": { 4: [3, 3], 6: [1, 4] },
  "time-exceeded": { 4: [11, 0], 6: [3, 0] },
  "too-big": { 4: [3, 4], 6: [2, 0] },
};

/** The packet that an ICMP error is about. */
export interface QuotedPacket {
  readonly network: NetworkView;
  readonly transport: TransportView;
}

/**
 * The quotation in an ICMP error; undefined for other messages, for quotations that are too short and
 * for those of a fragment that has no ports.
 */
export function viewQuotedPacket(packet: PacketView): QuotedPacket | undefined {
  if (!isError(packet.family, readU8(packet.frame, packet.payloadAt))) return undefined;
  const frame = packet.frame.subarray(0, packet.at + packet.totalLength);
  const network = viewNetwork(frame, packet.payloadAt + ICMP_HEADER_LENGTH);
  if (network === undefined || network.family !== packet.family) return undefined;
  if (network.fragment !== undefined && !network.fragment.first) return undefined;
  const transport = viewTransport(frame, network);
  return transport === undefined ? undefined : { network, transport };
}

function isError(family: Family, type: number): boolean {
  if (family === 6) return type < ICMPV6_INFORMATIONAL;
  return (
    type === icmpTypes.destinationUnreachable ||
    type === icmpTypes.sourceQuench ||
    type === icmpTypes.timeExceeded
  );
}

/**
 * Brings the checksum of the ICMP message up to date: `frame` is the packet rewritten. It changes by
 * what the rewriting changed, so that damage stays visible; that of IPv6 covers the addresses too.
 */
export function correctIcmpChecksum(frame: Uint8Array, packet: PacketView): void {
  const before = messageSum(packet.frame, packet);
  const after = messageSum(frame, packet);
  correctChecksum(frame, packet.payloadAt + 2, after + finishChecksum(before));
}

/** The sum of the message without its checksum, and of the addresses of IPv6. */
function messageSum(frame: Uint8Array, packet: PacketView): number {
  const { at, payloadAt, totalLength } = packet;
  const type = addToChecksum(0, frame, payloadAt, payloadAt + 2);
  const message = addToChecksum(type, frame, payloadAt + 4, at + totalLength);
  return packet.family === 4 ? message : addToChecksum(message, frame, at + 8, at + 40);
}

/**
 * An ICMP error about `packet`, from the address that it was sent to, as a frame back to its sender.
 * `mtu`: bytes that a packet which is too big may have.
 */
export function buildIcmpError(packet: PacketView, error: DirectorError, mtu = 0): Uint8Array {
  const { frame, family, at } = packet;
  const outerLength = (family === 4 ? 20 : 40) + ICMP_HEADER_LENGTH;
  const quotedLength = Math.min(packet.totalLength, errorPacketLengthMax[family] - outerLength);
  const [type, code] = typesAndCodes[error][family];
  const quotation = frame.subarray(at, at + quotedLength);
  const message = encodeIcmpMessage({ type, code, rest: mtu, payload: quotation });
  const [source, destination] = [packet.destination, packet.source];
  if (family === 6) coverAddresses(message, source, destination);
  const trafficClass = family === 4 ? (readU8(frame, at + 1) & 0x1e) | CONTROL_PRECEDENCE : 0;
  return encodeEthernetFrame({
    destination: frame.subarray(6, 12),
    source: frame.subarray(0, 6),
    type: family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
    payload: encodeIpPacket({
      trafficClass,
      label: 0,
      hopLimit: ERROR_HOP_LIMIT,
      protocol: family === 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6,
      source,
      destination,
      payload: message,
    }),
  });
}

/** Extends the checksum of an ICMPv6 message over its pseudo-header. */
function coverAddresses(message: Uint8Array, source: IpAddress, destination: IpAddress): void {
  const pseudo = pseudoHeaderSum(source, destination, IP_PROTOCOL_ICMPV6, message.length);
  writeU16(message, 2, finishChecksum(pseudo + (~readU16(message, 2) & 0xffff)));
}
