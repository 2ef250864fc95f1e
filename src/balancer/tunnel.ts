// TUN: a client's packet inside another one, as IPVS wraps it.
//
// Three things differ from the kernel and are the same in the eBPF program: the source port of GUE comes
// from a hash of our own, an identification without DF from the inner packet, and the checksum outside
// is reckoned from headers alone, since TCP and UDP add up to what their pseudo-header leaves.

import { familyOf, type IpAddress, ipAddressBytes } from "../base/address.ts";
import type { TunnelSettings } from "../model/virtual-server.ts";
import { addToChecksum, finishChecksum } from "../wire/checksum.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../wire/ethernet.ts";
import { pseudoHeaderSum } from "../wire/ip-packet.ts";
import { IP_PROTOCOL_TCP } from "../wire/tcp.ts";
import { IP_PROTOCOL_UDP } from "../wire/udp.ts";
import { flowHash } from "./flow-hash.ts";
import { type NetworkView, type PacketView, readU8, readU16, writeU16 } from "./packet.ts";

const protocols = { 4: 4, 6: 41, gre: 47 } as const;
const GUE_LENGTH = 12;
const GRE_CHECKED = 0x8000;
const GUE_FIRST_PORT = 0xc000;
const DONT_FRAGMENT = 0x4000;
const CONGESTED = 3;
const ECN_CAPABLE = 2;

/** Both ends of a tunnel, and what it is. */
export interface Tunnel {
  readonly settings: TunnelSettings;
  readonly source: IpAddress;
  readonly target: IpAddress;
}

/** Bytes that a tunnel to an address adds to a packet. */
export function tunnelOverhead(settings: TunnelSettings, target: IpAddress): number {
  return (familyOf(target) === 6 ? 40 : 20) + tunnelLength(settings);
}

function tunnelLength({ type, checksum }: TunnelSettings): number {
  if (type === "gue") return GUE_LENGTH;
  if (type === "gre") return checksum === "none" ? 4 : 8;
  return 0;
}

/**
 * The frame with its packet wrapped; `frame` holds it from `packet.at` on, its TTL already lowered.
 * The Ethernet addresses are kept.
 */
export function wrapPacket(frame: Uint8Array, packet: PacketView, tunnel: Tunnel): Uint8Array {
  const inner = frame.subarray(packet.at, packet.at + packet.totalLength);
  const outer = familyOf(tunnel.target);
  const between = tunnelLength(tunnel.settings);
  const headerLength = outer === 6 ? 40 : 20;
  const wrapped = new Uint8Array(packet.at + headerLength + between + inner.length);
  wrapped.set(frame.subarray(0, packet.at));
  writeU16(wrapped, 12, outer === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
  wrapped.set(inner, packet.at + headerLength + between);
  const hash = flowHash(packet);
  const about = { frame, packet, tunnel, hash, length: headerLength + between + inner.length };
  if (outer === 6) writeOuter6(wrapped.subarray(packet.at), about);
  else writeOuter4(wrapped.subarray(packet.at), about);
  writeTunnel(wrapped.subarray(packet.at + headerLength), about, inner);
  return wrapped;
}

interface Wrapping {
  readonly frame: Uint8Array;
  readonly packet: PacketView;
  readonly tunnel: Tunnel;
  readonly hash: number;
  /** Of the outer packet. */
  readonly length: number;
}

/** DSCP is taken over; what met congestion shows outside as able to meet it (RFC 3168 9.1.1). */
function outerTrafficClass({ frame, packet }: Wrapping): number {
  const inner =
    packet.family === 4 ? readU8(frame, packet.at + 1) : (readU16(frame, packet.at) >> 4) & 0xff;
  return (inner & CONGESTED) === CONGESTED ? (inner & ~CONGESTED) | ECN_CAPABLE : inner;
}

function outerProtocol({ packet, tunnel }: Wrapping): number {
  if (tunnel.settings.type === "gue") return IP_PROTOCOL_UDP;
  if (tunnel.settings.type === "gre") return protocols.gre;
  return protocols[packet.family];
}

function innerTtl({ frame, packet }: Wrapping): number {
  return readU8(frame, packet.at + (packet.family === 4 ? 8 : 7));
}

function writeOuter4(outer: Uint8Array, about: Wrapping): void {
  const { frame, packet, tunnel } = about;
  const fixed = packet.family === 4 && (readU16(frame, packet.at + 6) & DONT_FRAGMENT) !== 0;
  outer[0] = 0x45;
  outer[1] = outerTrafficClass(about);
  writeU16(outer, 2, about.length);
  writeU16(outer, 4, fixed ? 0 : identification(about));
  writeU16(outer, 6, fixed ? DONT_FRAGMENT : 0);
  outer[8] = innerTtl(about);
  outer[9] = outerProtocol(about);
  outer.set(ipAddressBytes(tunnel.source), 12);
  outer.set(ipAddressBytes(tunnel.target), 16);
  writeU16(outer, 10, finishChecksum(addToChecksum(0, outer, 0, 20)));
}

/** What tells the packets of a flow apart inside: of IPv6 a sequence number of TCP or a checksum of UDP. */
function identification({ frame, packet, hash }: Wrapping): number {
  if (packet.family === 4) return (readU16(frame, packet.at + 4) + hash) & 0xffff;
  const at = packet.payloadAt + 6;
  return (hash + (readU8(frame, at) | (readU8(frame, at + 1) << 8))) & 0xffff;
}

function writeOuter6(outer: Uint8Array, about: Wrapping): void {
  writeU16(outer, 0, 0x6000 | (outerTrafficClass(about) << 4));
  writeU16(outer, 4, about.length - 40);
  outer[6] = outerProtocol(about);
  outer[7] = innerTtl(about);
  outer.set(ipAddressBytes(about.tunnel.source), 8);
  outer.set(ipAddressBytes(about.tunnel.target), 24);
}

/** The part between both IP headers. */
function writeTunnel(at: Uint8Array, about: Wrapping, inner: Uint8Array): void {
  const { tunnel, packet, frame, hash } = about;
  const { type, port = 0, checksum } = tunnel.settings;
  const sum =
    checksum === "none" ? 0 : (innerSum(frame, packet) ?? addToChecksum(0, inner, 0, inner.length));
  if (type === "gue") {
    const length = inner.length + GUE_LENGTH;
    writeU16(at, 0, GUE_FIRST_PORT | (hash & (0xffff - GUE_FIRST_PORT)));
    writeU16(at, 2, port);
    writeU16(at, 4, length);
    writeU16(at, 8, protocols[packet.family]);
    if (checksum === "none") return;
    const pseudo = pseudoHeaderSum(tunnel.source, tunnel.target, IP_PROTOCOL_UDP, length);
    writeU16(at, 6, finishChecksum(addToChecksum(sum + pseudo, at, 0, GUE_LENGTH)) || 0xffff);
  } else if (type === "gre") {
    writeU16(at, 2, packet.family === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
    if (checksum === "none") return;
    writeU16(at, 0, GRE_CHECKED);
    writeU16(at, 4, finishChecksum(addToChecksum(sum, at, 0, 4)));
  }
}

/** The sum of a whole packet from its headers; undefined where its bytes must be read. */
function innerSum(frame: Uint8Array, packet: NetworkView): number | undefined {
  const { protocol, payloadAt, at } = packet;
  const length = packet.totalLength - packet.headerLength;
  const tcp = protocol === IP_PROTOCOL_TCP;
  const udp = protocol === IP_PROTOCOL_UDP && readU16(frame, payloadAt + 6) !== 0;
  if (packet.fragment !== undefined || !(tcp || udp)) return undefined;
  const pseudo = pseudoHeaderSum(packet.source, packet.destination, protocol, length);
  return addToChecksum(finishChecksum(pseudo), frame, at, payloadAt);
}
