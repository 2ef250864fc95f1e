// Where the parts of a frame are, and what the balancer must know of it: IPv4 and IPv6, with their
// options and extension headers, fragments included.

import {
  type Family,
  type IpAddress,
  ipAddressFromBytes,
  ipv4FromNumber,
} from "../base/address.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../wire/ethernet.ts";
import { IP_PROTOCOL_ICMP } from "../wire/icmp.ts";
import { IPV6_HEADER_LENGTH } from "../wire/ipv6.ts";
import { IP_PROTOCOL_ICMPV6 } from "../wire/neighbour-advertisement.ts";
import { IP_PROTOCOL_SCTP, SCTP_HEADER_LENGTH, sctpChunks } from "../wire/sctp.ts";
import { IP_PROTOCOL_TCP } from "../wire/tcp.ts";
import { IP_PROTOCOL_UDP } from "../wire/udp.ts";

const ETHERNET_HEADER_LENGTH = 14;
const MORE_FRAGMENTS = 0x2000;
const FRAGMENT_OFFSET_BITS = 0x1fff;

/** IPv6 headers that may stand between the fixed one and the transport header (RFC 8200 section 4). */
const extension = {
  hopByHop: 0,
  routing: 43,
  fragment: 44,
  authentication: 51,
  options: 60,
} as const;
const extensions: ReadonlySet<number> = new Set(Object.values(extension));

/** Ports and flags of a transport header. */
export interface TransportView {
  /** Offset of the transport header in the frame. */
  readonly at: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 0 unless it is TCP. */
  readonly tcpFlags: number;
  /** What an SCTP packet says: the type of its first chunk; ABORT when one follows a cookie. */
  readonly sctpChunk?: number;
}

/** One piece of a packet that was cut. */
export interface FragmentView {
  /** What its pieces have in common, beside addresses and protocol. */
  readonly identification: number;
  /** The piece that has the ports. */
  readonly first: boolean;
}

/** An IP header, with its options or extension headers, inside a frame. */
export interface NetworkView {
  readonly family: Family;
  /** Offset of the IP header in the frame. */
  readonly at: number;
  /** Bytes before the payload, options and extension headers included. */
  readonly headerLength: number;
  /** Length of header and payload as the header says; what the counters count. */
  readonly totalLength: number;
  readonly ttl: number;
  /** Of the payload, behind all extension headers. */
  readonly protocol: number;
  /** Absent for a whole packet. */
  readonly fragment?: FragmentView;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly payloadAt: number;
}

/** A frame that may concern the balancer. */
export interface PacketView extends NetworkView {
  readonly frame: Uint8Array;
  /** Absent for ICMP, and for pieces of a packet behind the first. */
  readonly transport?: TransportView;
}

const transportMinimum: Readonly<Record<number, number>> = {
  [IP_PROTOCOL_TCP]: 20,
  [IP_PROTOCOL_UDP]: 8,
  [IP_PROTOCOL_SCTP]: SCTP_HEADER_LENGTH,
};

/** Reads a frame; undefined for what is not a packet or fragment with TCP, UDP, SCTP or ICMP in it. */
export function viewPacket(frame: Uint8Array): PacketView | undefined {
  if (frame.length < ETHERNET_HEADER_LENGTH) return undefined;
  const type = readU16(frame, 12);
  if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) return undefined;
  const network = viewNetwork(frame, ETHERNET_HEADER_LENGTH);
  if (network === undefined || network.family !== (type === ETHERTYPE_IPV4 ? 4 : 6))
    return undefined;
  const end = network.at + network.totalLength;
  if (end > frame.length || network.payloadAt > end) return undefined;
  const { protocol, fragment, payloadAt } = network;
  if (isIcmp(network)) {
    if (fragment !== undefined || payloadAt + 8 > end) return undefined;
    return { frame, ...network };
  }
  const minimum = transportMinimum[protocol];
  if (minimum === undefined) return undefined;
  if (fragment !== undefined && !fragment.first) return { frame, ...network };
  if (payloadAt + minimum > end) return undefined;
  const transport = viewTransport(frame.subarray(0, end), network);
  return transport === undefined ? undefined : { frame, ...network, transport };
}

/** True for the ICMP of the packet's own family. */
export function isIcmp(network: Pick<NetworkView, "family" | "protocol">): boolean {
  return network.protocol === (network.family === 4 ? IP_PROTOCOL_ICMP : IP_PROTOCOL_ICMPV6);
}

/** The name of a protocol that is balanced. */
export function transportName(protocol: number): TransportProtocol | undefined {
  if (protocol === IP_PROTOCOL_TCP) return "TCP";
  if (protocol === IP_PROTOCOL_UDP) return "UDP";
  return protocol === IP_PROTOCOL_SCTP ? "SCTP" : undefined;
}

/** Reads an IP header at an offset; the packet itself may be cut off behind the header. */
export function viewNetwork(frame: Uint8Array, at: number): NetworkView | undefined {
  const version = readU8(frame, at) >> 4;
  if (version === 4) return viewIpv4(frame, at);
  return version === 6 ? viewIpv6(frame, at) : undefined;
}

function viewIpv4(frame: Uint8Array, at: number): NetworkView | undefined {
  if (at + 20 > frame.length) return undefined;
  const headerLength = (readU8(frame, at) & 15) * 4;
  const totalLength = readU16(frame, at + 2);
  if (headerLength < 20 || totalLength < headerLength) return undefined;
  if (at + headerLength > frame.length) return undefined;
  const fragmentWord = readU16(frame, at + 6);
  const offset = fragmentWord & FRAGMENT_OFFSET_BITS;
  const cut = offset !== 0 || (fragmentWord & MORE_FRAGMENTS) !== 0;
  const fragment = { identification: readU16(frame, at + 4), first: offset === 0 };
  return {
    family: 4,
    at,
    headerLength,
    totalLength,
    ttl: readU8(frame, at + 8),
    protocol: readU8(frame, at + 9),
    ...(cut ? { fragment } : {}),
    source: ipv4FromNumber(readU32(frame, at + 12)),
    destination: ipv4FromNumber(readU32(frame, at + 16)),
    payloadAt: at + headerLength,
  };
}

function viewIpv6(frame: Uint8Array, at: number): NetworkView | undefined {
  if (at + IPV6_HEADER_LENGTH > frame.length) return undefined;
  const inner = skipExtensions(frame, at + IPV6_HEADER_LENGTH, readU8(frame, at + 6));
  if (inner === undefined) return undefined;
  return {
    family: 6,
    at,
    headerLength: inner.payloadAt - at,
    totalLength: IPV6_HEADER_LENGTH + readU16(frame, at + 4),
    ttl: readU8(frame, at + 7),
    source: ipAddressFromBytes(frame.subarray(at + 8, at + 24)),
    destination: ipAddressFromBytes(frame.subarray(at + 24, at + 40)),
    ...inner,
  };
}

/** Where the payload begins behind extension headers; behind the header of a later fragment, at once. */
function skipExtensions(
  frame: Uint8Array,
  from: number,
  firstHeader: number,
): Pick<NetworkView, "protocol" | "payloadAt" | "fragment"> | undefined {
  let fragment: FragmentView | undefined;
  let next = firstHeader;
  let at = from;
  while (extensions.has(next)) {
    if (at + 8 > frame.length) return undefined;
    const length = readU8(frame, at + 1);
    const here = next;
    next = readU8(frame, at);
    if (here === extension.fragment) {
      const word = readU16(frame, at + 2);
      const first = word >> 3 === 0;
      // A lone piece that is the whole packet is no fragment (RFC 6946).
      if ((word & 0xfff9) !== 0) fragment = { identification: readU32(frame, at + 4), first };
      at += 8;
      if (!first) break;
    } else {
      at += here === extension.authentication ? (length + 2) * 4 : (length + 1) * 8;
    }
  }
  return { protocol: next, payloadAt: at, ...(fragment === undefined ? {} : { fragment }) };
}

/** Reads ports and flags; at least 8 bytes must be there, as in the quotation of an ICMP error. */
export function viewTransport(frame: Uint8Array, network: NetworkView): TransportView | undefined {
  const at = network.payloadAt;
  const protocol = transportName(network.protocol);
  if (protocol === undefined || at + 8 > frame.length) return undefined;
  const chunk = protocol === "SCTP" ? sctpChunkAt(frame, at + SCTP_HEADER_LENGTH) : undefined;
  return {
    at,
    sourcePort: readU16(frame, at),
    destinationPort: readU16(frame, at + 2),
    tcpFlags: protocol === "TCP" ? readU8(frame, at + 13) : 0,
    ...(chunk === undefined ? {} : { sctpChunk: chunk }),
  };
}

function sctpChunkAt(frame: Uint8Array, at: number): number | undefined {
  if (at + 4 > frame.length) return undefined;
  const type = readU8(frame, at);
  if (type !== sctpChunks.cookieEcho && type !== sctpChunks.cookieAck) return type;
  const length = readU16(frame, at + 2);
  const nextAt = at + Math.ceil(length / 4) * 4;
  const aborted =
    length >= 4 && nextAt + 4 <= frame.length && readU8(frame, nextAt) === sctpChunks.abort;
  return aborted ? sctpChunks.abort : type;
}

/** One byte; 0 beyond the end. */
export function readU8(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

/** Two bytes in network order. */
export function readU16(bytes: Uint8Array, at: number): number {
  return (readU8(bytes, at) << 8) | readU8(bytes, at + 1);
}

/** Four bytes in network order, unsigned. */
export function readU32(bytes: Uint8Array, at: number): number {
  return readU16(bytes, at) * 0x10000 + readU16(bytes, at + 2);
}

/** Writes two bytes in network order. */
export function writeU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 255;
}
