// Frames as clients and real servers send them, built from a few words.

import { type IpAddress, parseIpAddress } from "../../src/base/address.ts";
import { present } from "../../src/base/assert.ts";
import { addToChecksum, finishChecksum } from "../../src/wire/checksum.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, encodeEthernetFrame } from "../../src/wire/ethernet.ts";
import { encodeIcmpMessage, IP_PROTOCOL_ICMP } from "../../src/wire/icmp.ts";
import {
  decodeIpPacket,
  encodeIpPacket,
  type IpPacket,
  pseudoHeaderSum,
} from "../../src/wire/ip-packet.ts";
import { decodeIpv4Packet, type Ipv4Packet } from "../../src/wire/ipv4.ts";
import { IP_PROTOCOL_ICMPV6 } from "../../src/wire/neighbour-advertisement.ts";
import { encodeSctpPacket, IP_PROTOCOL_SCTP } from "../../src/wire/sctp.ts";
import { encodeTcpSegment, IP_PROTOCOL_TCP, tcpFlags } from "../../src/wire/tcp.ts";
import { encodeUdpDatagram, IP_PROTOCOL_UDP } from "../../src/wire/udp.ts";

/** MAC addresses of the frames: the client's side and the director's. */
export const clientMac: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 1);
export const directorMac: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 2);

/** `10.1.0.2:20000` as its two parts. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** Reads `10.1.0.2:20000` or `[fd00::2]:20000`. */
export function endpoint(text: string): Endpoint {
  const at = text.lastIndexOf(":");
  return { address: ip(text.slice(0, at).replace(/[[\]]/g, "")), port: Number(text.slice(at + 1)) };
}

/** An address that is known to be one. */
export function ip(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (!parsed.ok) throw new Error(`not an address: ${text}`);
  return parsed.value;
}

/** Flags as people write them: `S`, `SA`, `A`, `FA`, `R`, `PA`; a dot for none. */
export function flagsOf(letters: string): number {
  const bits: Readonly<Record<string, number>> = {
    S: tcpFlags.syn,
    A: tcpFlags.ack,
    F: tcpFlags.fin,
    R: tcpFlags.rst,
    P: tcpFlags.psh,
    U: tcpFlags.urg,
    ".": 0,
  };
  return [...letters].reduce((sum, letter) => sum | present(bits[letter], "a flag letter"), 0);
}

interface Transit {
  readonly ttl?: number;
  readonly payload?: Uint8Array;
}

interface Ends {
  readonly source: IpAddress;
  readonly destination: IpAddress;
}

/** A TCP segment in a frame. */
export function tcpFrame(
  from: string,
  to: string,
  flags: string,
  transit: Transit = {},
): Uint8Array {
  const [source, target] = [endpoint(from), endpoint(to)];
  const segment = encodeTcpSegment(
    {
      sourcePort: source.port,
      destinationPort: target.port,
      sequence: 1000,
      acknowledgment: flags.includes("A") ? 2000 : 0,
      flags: flagsOf(flags),
      window: 64240,
      payload: transit.payload ?? new Uint8Array(0),
    },
    { source: 0, destination: 0 },
  );
  const ends = { source: source.address, destination: target.address };
  coverAddresses(segment, 16, IP_PROTOCOL_TCP, ends);
  return ipFrame(ends, IP_PROTOCOL_TCP, segment, transit.ttl ?? 64);
}

/** A UDP datagram in a frame. */
export function udpFrame(from: string, to: string, transit: Transit = {}): Uint8Array {
  const [source, target] = [endpoint(from), endpoint(to)];
  const payload = transit.payload ?? new TextEncoder().encode("x");
  const datagram = encodeUdpDatagram(
    { sourcePort: source.port, destinationPort: target.port, payload },
    { source: 0, destination: 0 },
  );
  const ends = { source: source.address, destination: target.address };
  coverAddresses(datagram, 6, IP_PROTOCOL_UDP, ends);
  return ipFrame(ends, IP_PROTOCOL_UDP, datagram, transit.ttl ?? 64);
}

/** An SCTP packet in a frame; its chunks by type, each with the payload as its value. */
export function sctpFrame(
  from: string,
  to: string,
  chunks: readonly number[],
  transit: Transit = {},
): Uint8Array {
  const [source, target] = [endpoint(from), endpoint(to)];
  const value = transit.payload ?? new Uint8Array(4);
  const packet = encodeSctpPacket({
    sourcePort: source.port,
    destinationPort: target.port,
    verificationTag: 0x01020304,
    chunks: chunks.map((type) => ({ type, value })),
  });
  const ends = { source: source.address, destination: target.address };
  return ipFrame(ends, IP_PROTOCOL_SCTP, packet, transit.ttl ?? 64);
}

/** An ICMP error, of the family of the addresses, about the packet in `frame`. */
export function icmpErrorFrame(
  from: string,
  to: string,
  error: { readonly type: number; readonly code: number; readonly rest?: number },
  about: Uint8Array,
): Uint8Array {
  const ends = { source: ip(from), destination: ip(to) };
  const six = from.includes(":");
  const message = encodeIcmpMessage({
    type: error.type,
    code: error.code,
    rest: error.rest ?? 0,
    payload: about.subarray(14, 14 + (six ? 48 : 28)),
  });
  if (!six) return ipFrame(ends, IP_PROTOCOL_ICMP, message, 64);
  coverAddresses(message, 2, IP_PROTOCOL_ICMPV6, ends);
  return ipFrame(ends, IP_PROTOCOL_ICMPV6, message, 64);
}

/** Makes a checksum that covers no pseudo-header, or one of zeros, cover that of the real ends. */
function coverAddresses(bytes: Uint8Array, at: number, protocol: number, ends: Ends): void {
  bytes.set([0, 0], at);
  const pseudo = pseudoHeaderSum(ends.source, ends.destination, protocol, bytes.length);
  const sum = finishChecksum(addToChecksum(pseudo, bytes, 0, bytes.length));
  const checksum = sum === 0 && protocol === IP_PROTOCOL_UDP ? 0xffff : sum;
  bytes.set([checksum >> 8, checksum & 255], at);
}

/** An IP packet of the family of its addresses in a frame from the client's side. */
export function ipFrame(
  ends: Ends,
  protocol: number,
  payload: Uint8Array,
  ttl: number,
): Uint8Array {
  const six = ends.source.includes(":");
  return encodeEthernetFrame({
    destination: directorMac,
    source: clientMac,
    type: six ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4,
    payload: encodeIpPacket({
      trafficClass: 0,
      label: six ? 0 : 7,
      hopLimit: ttl,
      protocol,
      ...ends,
      payload,
    }),
  });
}

/** The IPv4 packet of a frame. */
export function packetOf(frame: Uint8Array): Ipv4Packet {
  const decoded = decodeIpv4Packet(frame.subarray(14));
  if (!decoded.ok) throw new Error(`no IPv4 packet: ${decoded.fault.kind}`);
  return decoded.value;
}

/** The IP packet of a frame, of either family. */
export function ipPacketOf(frame: Uint8Array): IpPacket {
  const decoded = decodeIpPacket(frame.subarray(14), frame[12] === 8 ? 4 : 6);
  if (!decoded.ok) throw new Error(`no IP packet: ${decoded.fault.kind}`);
  return decoded.value;
}

/** Source and destination port of a TCP, UDP or SCTP packet. */
export function portsOf(packet: { readonly payload: Uint8Array }): readonly [number, number] {
  const { buffer, byteOffset, byteLength } = packet.payload;
  const view = new DataView(buffer, byteOffset, byteLength);
  return [view.getUint16(0), view.getUint16(2)];
}
