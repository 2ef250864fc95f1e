// Frames as clients and real servers send them, built from a few words.

import { type IpAddress, ipv4Number, parseIpAddress } from "../../src/base/address.ts";
import { present } from "../../src/base/assert.ts";
import { ETHERTYPE_IPV4, encodeEthernetFrame } from "../../src/wire/ethernet.ts";
import { encodeIcmpMessage, IP_PROTOCOL_ICMP } from "../../src/wire/icmp.ts";
import { decodeIpv4Packet, encodeIpv4Packet, type Ipv4Packet } from "../../src/wire/ipv4.ts";
import {
  decodeTcpSegment,
  encodeTcpSegment,
  IP_PROTOCOL_TCP,
  tcpFlags,
} from "../../src/wire/tcp.ts";
import { decodeUdpDatagram, encodeUdpDatagram, IP_PROTOCOL_UDP } from "../../src/wire/udp.ts";

/** MAC addresses of the frames: the client's side and the director's. */
export const clientMac: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 1);
export const directorMac: Uint8Array = Uint8Array.of(2, 0, 0, 0, 0, 2);

/** `10.1.0.2:20000` as its two parts. */
export interface Endpoint {
  readonly address: IpAddress;
  readonly port: number;
}

/** Reads `10.1.0.2:20000`. */
export function endpoint(text: string): Endpoint {
  const [address = "", port = ""] = text.split(":");
  return { address: ip(address), port: Number(port) };
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

/** A TCP segment in a frame. */
export function tcpFrame(
  from: string,
  to: string,
  flags: string,
  transit: Transit = {},
): Uint8Array {
  const [source, target] = [endpoint(from), endpoint(to)];
  const ends = { source: ipv4Number(source.address), destination: ipv4Number(target.address) };
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
    ends,
  );
  return ipv4Frame(ends, IP_PROTOCOL_TCP, segment, transit.ttl ?? 64);
}

/** A UDP datagram in a frame. */
export function udpFrame(from: string, to: string, transit: Transit = {}): Uint8Array {
  const [source, target] = [endpoint(from), endpoint(to)];
  const ends = { source: ipv4Number(source.address), destination: ipv4Number(target.address) };
  const payload = transit.payload ?? new TextEncoder().encode("x");
  const datagram = encodeUdpDatagram(
    { sourcePort: source.port, destinationPort: target.port, payload },
    ends,
  );
  return ipv4Frame(ends, IP_PROTOCOL_UDP, datagram, transit.ttl ?? 64);
}

/** An ICMP error about the packet in `frame`. */
export function icmpErrorFrame(
  from: string,
  to: string,
  error: { readonly type: number; readonly code: number; readonly rest?: number },
  about: Uint8Array,
): Uint8Array {
  const ends = { source: ipv4Number(ip(from)), destination: ipv4Number(ip(to)) };
  const message = encodeIcmpMessage({
    type: error.type,
    code: error.code,
    rest: error.rest ?? 0,
    payload: about.subarray(14, 14 + 28),
  });
  return ipv4Frame(ends, IP_PROTOCOL_ICMP, message, 64);
}

function ipv4Frame(
  ends: { readonly source: number; readonly destination: number },
  protocol: number,
  payload: Uint8Array,
  ttl: number,
): Uint8Array {
  return encodeEthernetFrame({
    destination: directorMac,
    source: clientMac,
    type: ETHERTYPE_IPV4,
    payload: encodeIpv4Packet({ tos: 0, identification: 7, ttl, protocol, ...ends, payload }),
  });
}

/** The IPv4 packet of a frame. */
export function packetOf(frame: Uint8Array): Ipv4Packet {
  const decoded = decodeIpv4Packet(frame.subarray(14));
  if (!decoded.ok) throw new Error(`no IPv4 packet: ${decoded.fault.kind}`);
  return decoded.value;
}

/** Source and destination port of a TCP or UDP packet. */
export function portsOf(packet: Ipv4Packet): readonly [number, number] {
  const decoded =
    packet.protocol === IP_PROTOCOL_TCP
      ? decodeTcpSegment(packet.payload)
      : decodeUdpDatagram(packet.payload);
  if (!decoded.ok) throw new Error(`no transport header: ${decoded.fault.kind}`);
  return [decoded.value.sourcePort, decoded.value.destinationPort];
}
