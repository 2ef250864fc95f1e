// ICMP errors about packets of a connection follow the connection; all other ICMP is the machine's own.

import { ipAddressBytes } from "../base/address.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionTable } from "./connection-table.ts";
import { countIn, countOut } from "./counting.ts";
import { intoTunnel } from "./forwarding.ts";
import { correctIcmpChecksum, type QuotedPacket, viewQuotedPacket } from "./icmp-error.ts";
import { type PacketView, transportName } from "./packet.ts";
import { copyWithLowerTtl, replaceEnd, replaceQuotedEnd } from "./rewrite.ts";
import { pass, type Verdict } from "./verdict.ts";

/**
 * The verdict on an ICMP packet that is about a connection: forwarded to the end that must hear of it.
 * Undefined for all other ICMP.
 */
export function forwardRelatedIcmp(
  packet: PacketView,
  connections: ConnectionTable,
  nowMs: number,
): Verdict | undefined {
  const quoted = viewQuotedPacket(packet);
  if (quoted === undefined) return undefined;
  const { network, transport } = quoted;
  const protocol = transportName(network.protocol);
  if (protocol === undefined) return undefined;
  const source = { address: network.source, port: transport.sourcePort };
  const target = { address: network.destination, port: transport.destinationPort };
  const answered = connections.findReply(protocol, target, source, nowMs);
  if (answered !== undefined) return icmpToClient(answered, packet, quoted);
  const sent = connections.find(protocol, target, source, { template: false, nowMs });
  if (sent === undefined || packet.destination !== sent.virtualAddress) return undefined;
  return icmpToServer(sent, packet, quoted);
}

/** From the real server's side about a client's packet: it must speak of the virtual address. */
function icmpToClient(connection: Connection, packet: PacketView, quoted: QuotedPacket): Verdict {
  if (packet.ttl <= 1) return pass;
  countOut(connection, packet.totalLength);
  const frame = copyWithLowerTtl(packet);
  const { virtualAddressBytes: addressBytes, virtualPort: port } = connection;
  replaceQuotedEnd(frame, quoted.network, { side: "destination", addressBytes, port });
  replaceEnd(frame, packet, { side: "source", addressBytes, port: undefined }, "complete");
  if (connection.borrowed !== undefined) {
    const { clientAddress, clientPort } = connection;
    const client = { side: "source", addressBytes: ipAddressBytes(clientAddress) } as const;
    replaceQuotedEnd(frame, quoted.network, { ...client, port: clientPort });
    replaceEnd(frame, packet, { ...client, side: "destination", port: undefined }, "complete");
  }
  correctIcmpChecksum(frame, packet);
  const nextHop = connection.clientAddress;
  return { kind: "forward", frame, nextHop, via: "route", toward: "client" };
}

/** From the client's side about a real server's packet: it goes to that real server. */
export function icmpToServer(
  connection: Connection,
  packet: PacketView,
  quoted: QuotedPacket,
): Verdict {
  if (packet.ttl <= 1) return { kind: "drop", reason: "ttl-expired" };
  if (!connection.destination.available) return { kind: "drop", reason: "destination-removed" };
  countIn(connection, packet.totalLength);
  if (connection.forwarding === "TUN") return intoTunnel(connection.destination, packet);
  const frame = copyWithLowerTtl(packet);
  const { address: nextHop, addressBytes } = connection.destination;
  const { borrowed } = connection;
  if (connection.forwarding !== "NAT" && borrowed === undefined)
    return { kind: "forward", frame, nextHop, via: "link", toward: "real-server" };
  const { destinationPort: port } = connection;
  replaceQuotedEnd(frame, quoted.network, { side: "source", addressBytes, port });
  replaceEnd(frame, packet, { side: "destination", addressBytes, port: undefined }, "complete");
  if (borrowed !== undefined) {
    const own = { side: "destination", addressBytes: ipAddressBytes(borrowed.address) } as const;
    replaceQuotedEnd(frame, quoted.network, { ...own, port: borrowed.port });
    replaceEnd(frame, packet, { ...own, side: "source", port: undefined }, "complete");
  }
  correctIcmpChecksum(frame, packet);
  return { kind: "forward", frame, nextHop, via: "route", toward: "real-server" };
}
