// Where the parts of a frame are, and what the balancer must know of it. Only whole IPv4 packets;
// the structure leaves room for IPv6.

import { type IpAddress, ipv4FromNumber } from "../base/address.ts";
import { ETHERTYPE_IPV4 } from "../wire/ethernet.ts";
import { IP_PROTOCOL_ICMP } from "../wire/icmp.ts";
import { IP_PROTOCOL_TCP } from "../wire/tcp.ts";
import { IP_PROTOCOL_UDP } from "../wire/udp.ts";

const ETHERNET_HEADER_LENGTH = 14;
const FRAGMENT_BITS = 0x3fff;

/** Ports and flags of a transport header. */
export interface TransportView {
  /** Offset of the transport header in the frame. */
  readonly at: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 0 for UDP. */
  readonly tcpFlags: number;
}

/** An IPv4 header inside a frame. */
export interface NetworkView {
  /** Offset of the IP header in the frame. */
  readonly at: number;
  readonly headerLength: number;
  /** Length of header and payload as the header says; what the counters count. */
  readonly totalLength: number;
  readonly ttl: number;
  readonly protocol: number;
  /** Any fragment, the first one included. */
  readonly fragment: boolean;
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly payloadAt: number;
}

/** A frame that may concern the balancer. */
export interface PacketView extends NetworkView {
  readonly frame: Uint8Array;
  /** Absent for ICMP. */
  readonly transport?: TransportView;
}

/** Reads a frame; undefined for what is not a whole IPv4 packet with TCP, UDP or ICMP in it. */
export function viewPacket(frame: Uint8Array): PacketView | undefined {
  if (frame.length < ETHERNET_HEADER_LENGTH + 20) return undefined;
  if (readU16(frame, 12) !== ETHERTYPE_IPV4) return undefined;
  const network = viewNetwork(frame, ETHERNET_HEADER_LENGTH);
  if (network === undefined || network.fragment) return undefined;
  if (network.at + network.totalLength > frame.length) return undefined;
  if (network.protocol === IP_PROTOCOL_ICMP) {
    return network.totalLength < network.headerLength + 8 ? undefined : { frame, ...network };
  }
  const end = network.at + network.totalLength;
  const minimum = network.protocol === IP_PROTOCOL_TCP ? 20 : 8;
  if (network.payloadAt + minimum > end) return undefined;
  const transport = viewTransport(frame, network);
  return transport === undefined ? undefined : { frame, ...network, transport };
}

/** Reads an IPv4 header at an offset; the packet itself may be cut off behind the header. */
export function viewNetwork(frame: Uint8Array, at: number): NetworkView | undefined {
  if (at + 20 > frame.length) return undefined;
  const first = readU8(frame, at);
  const headerLength = (first & 15) * 4;
  const totalLength = readU16(frame, at + 2);
  if (first >> 4 !== 4 || headerLength < 20 || totalLength < headerLength) return undefined;
  if (at + headerLength > frame.length) return undefined;
  return {
    at,
    headerLength,
    totalLength,
    ttl: readU8(frame, at + 8),
    protocol: readU8(frame, at + 9),
    fragment: (readU16(frame, at + 6) & FRAGMENT_BITS) !== 0,
    source: ipv4FromNumber(readU32(frame, at + 12)),
    destination: ipv4FromNumber(readU32(frame, at + 16)),
    payloadAt: at + headerLength,
  };
}

/** Reads ports and flags; at least the ports must be there, as in the quotation of an ICMP error. */
export function viewTransport(frame: Uint8Array, network: NetworkView): TransportView | undefined {
  const at = network.payloadAt;
  if (network.protocol !== IP_PROTOCOL_TCP && network.protocol !== IP_PROTOCOL_UDP)
    return undefined;
  if (at + 8 > frame.length) return undefined;
  return {
    at,
    sourcePort: readU16(frame, at),
    destinationPort: readU16(frame, at + 2),
    tcpFlags: network.protocol === IP_PROTOCOL_TCP ? readU8(frame, at + 13) : 0,
  };
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
