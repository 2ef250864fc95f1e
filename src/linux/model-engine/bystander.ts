// Packets that the kernel does not get to see although the balancer does not want them either. What
// the kernel would have done with them is done here: a stray TCP segment to a virtual service is
// reset, a real server's packet to somebody else is routed.

import { type PacketView, readU32, transportName, viewPacket } from "../../balancer/packet.ts";
import { type IpAddress, ipv4Number } from "../../base/address.ts";
import type { BalancerTable } from "../../model/balancer-table.ts";
import { ETHERTYPE_IPV4, encodeEthernetFrame } from "../../wire/ethernet.ts";
import { encodeIpv4Packet } from "../../wire/ipv4.ts";
import { encodeTcpSegment, IP_PROTOCOL_TCP, tcpFlags } from "../../wire/tcp.ts";

/** Whether the kernel was kept from seeing a packet, and on whose account. */
export type Silenced = "to-service" | "from-real-server" | undefined;

/** What the rules of `kernel-silence.ts` drop, as a question about one packet. */
export class SilencedPackets {
  readonly #services = new Set<string>();
  readonly #realServers = new Set<string>();

  constructor(table: BalancerTable) {
    for (const { key, destinations } of table.services) {
      if (key.kind !== "address") continue;
      this.#services.add(endText(key.protocol, key.address, key.port));
      for (const { address, port, forwarding } of destinations) {
        if (forwarding === "NAT") this.#realServers.add(endText(key.protocol, address, port));
      }
    }
  }

  /** `isLocal` tells whether an address is this machine's. */
  why(packet: PacketView, isLocal: (address: IpAddress) => boolean): Silenced {
    const { transport, source, destination } = packet;
    if (transport === undefined) return undefined;
    const protocol = transportName(packet.protocol) ?? "TCP";
    const has = (ends: ReadonlySet<string>, address: IpAddress, port: number): boolean =>
      ends.has(endText(protocol, address, port)) || ends.has(endText(protocol, address, 0));
    if (has(this.#services, destination, transport.destinationPort)) return "to-service";
    if (has(this.#realServers, source, transport.sourcePort) && !isLocal(destination))
      return "from-real-server";
    return undefined;
  }
}

function endText(protocol: string, address: IpAddress, port: number): string {
  return `${protocol} ${address} ${port}`;
}

/** The RST that a stray segment gets (RFC 9293 3.10.7.1), as a frame back to its sender. */
export function buildReset(frame: Uint8Array): Uint8Array | undefined {
  const packet = viewPacket(frame);
  const transport = packet?.transport;
  if (packet === undefined || transport === undefined) return undefined;
  const { tcpFlags: flags, at } = transport;
  if (packet.protocol !== IP_PROTOCOL_TCP || (flags & tcpFlags.rst) !== 0) return undefined;
  const acknowledged = (flags & tcpFlags.ack) !== 0;
  const headerLength = ((frame[at + 12] ?? 0) >> 4) * 4;
  const dataLength = packet.at + packet.totalLength - at - headerLength;
  const control = Number((flags & tcpFlags.syn) !== 0) + Number((flags & tcpFlags.fin) !== 0);
  const ends = { source: ipv4Number(packet.destination), destination: ipv4Number(packet.source) };
  const payload = encodeTcpSegment(
    {
      sourcePort: transport.destinationPort,
      destinationPort: transport.sourcePort,
      sequence: acknowledged ? readU32(frame, at + 8) : 0,
      acknowledgment: acknowledged ? 0 : (readU32(frame, at + 4) + dataLength + control) % 2 ** 32,
      flags: acknowledged ? tcpFlags.rst : tcpFlags.rst | tcpFlags.ack,
      window: 0,
      payload: new Uint8Array(0),
    },
    ends,
  );
  return encodeEthernetFrame({
    destination: frame.subarray(6, 12),
    source: frame.subarray(0, 6),
    type: ETHERTYPE_IPV4,
    payload: encodeIpv4Packet({
      tos: 0,
      identification: 0,
      ttl: 64,
      protocol: IP_PROTOCOL_TCP,
      ...ends,
      payload,
    }),
  });
}
