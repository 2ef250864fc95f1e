// The hash by which flows are spread: source ports of GUE, and ports that FULLNAT tries first. The same
// as flow_hash() of bpf/borrow.h, whose words are little-endian.

import { type IpAddress, ipAddressBytes } from "../base/address.ts";
import type { PacketView } from "./packet.ts";

/** Of a packet's ends; of a fragment without its ports. Unsigned, 32 bits. */
export function flowHash(packet: PacketView): number {
  const { transport, fragment } = packet;
  const whole = fragment === undefined && transport !== undefined;
  const ports = whole ? portsWord(transport.sourcePort, transport.destinationPort) : 0;
  return hashOfEnds(packet.source, packet.destination, ports, packet.family === 6);
}

/** Of a connection's ends: an IPv4 address is folded as the first word of a longer one when `folded`. */
export function hashOfEnds(
  client: IpAddress,
  virtual: IpAddress,
  ports: number,
  folded: boolean,
): number {
  const [from, to] = [addressWord(client, folded), addressWord(virtual, folded)];
  let hash = Math.imul(from, 0x9e3779b1) ^ to;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ ports;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Two ports as they stand in a packet. */
export function portsWord(source: number, destination: number): number {
  const swap = (port: number): number => ((port & 0xff) << 8) | (port >> 8);
  return (swap(source) | (swap(destination) << 16)) >>> 0;
}

function addressWord(address: IpAddress, folded: boolean): number {
  const bytes = ipAddressBytes(address);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!folded) return view.getUint32(0, true);
  let hash = 0;
  for (let at = 0; at < 16; at += 4)
    hash = Math.imul(hash + (at < bytes.length ? view.getUint32(at, true) : 0), 0x9e3779b1);
  return hash;
}
