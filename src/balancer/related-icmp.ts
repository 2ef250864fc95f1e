// ICMP errors about packets of a connection follow the connection; all other ICMP is the machine's own.

import { IP_PROTOCOL_TCP } from "../wire/tcp.ts";
import type { Connection } from "./connection.ts";
import type { ConnectionTable } from "./connection-table.ts";
import { countIn, countOut } from "./counting.ts";
import { type QuotedPacket, replaceQuotedEnd, viewQuotedPacket } from "./icmp-error.ts";
import type { PacketView } from "./packet.ts";
import { copyWithLowerTtl, replaceEnd } from "./rewrite.ts";
import { pass, type Verdict } from "./verdict.ts";

/** The verdict on an ICMP packet: forwarded to the end that must hear of it, or passed. */
export function forwardRelatedIcmp(
  packet: PacketView,
  connections: ConnectionTable,
  nowMs: number,
): Verdict {
  const quoted = viewQuotedPacket(packet);
  if (quoted === undefined) return pass;
  const { network, transport } = quoted;
  const protocol = network.protocol === IP_PROTOCOL_TCP ? "TCP" : "UDP";
  const source = { address: network.source, port: transport.sourcePort };
  const target = { address: network.destination, port: transport.destinationPort };
  const answered = connections.findReply(protocol, target, source, nowMs);
  if (answered !== undefined) return errorToClient(answered, packet, quoted);
  const sent = connections.find(protocol, target, source, { template: false, nowMs });
  if (sent === undefined || packet.destination !== sent.virtualAddress) return pass;
  return errorToServer(sent, packet, quoted);
}

/** From the real server's side about a client's packet: it must speak of the virtual address. */
function errorToClient(connection: Connection, packet: PacketView, quoted: QuotedPacket): Verdict {
  if (packet.ttl <= 1) return { kind: "drop", reason: "ttl-expired" };
  countOut(connection, packet.totalLength);
  const frame = copyWithLowerTtl(packet);
  const { virtualAddressBytes: addressBytes, virtualPort: port } = connection;
  replaceQuotedEnd(frame, packet, quoted, { side: "destination", addressBytes, port });
  replaceEnd(frame, packet, { side: "source", addressBytes, port: undefined }, "complete");
  const nextHop = connection.clientAddress;
  return { kind: "forward", frame, nextHop, via: "route", toward: "client" };
}

/** From the client's side about a real server's packet: it goes to that real server. */
function errorToServer(connection: Connection, packet: PacketView, quoted: QuotedPacket): Verdict {
  if (packet.ttl <= 1) return { kind: "drop", reason: "ttl-expired" };
  if (!connection.destination.available) return { kind: "drop", reason: "destination-removed" };
  countIn(connection, packet.totalLength);
  const frame = copyWithLowerTtl(packet);
  const { address: nextHop, addressBytes } = connection.destination;
  if (connection.forwarding !== "NAT")
    return { kind: "forward", frame, nextHop, via: "link", toward: "real-server" };
  const { destinationPort: port } = connection;
  replaceQuotedEnd(frame, packet, quoted, { side: "source", addressBytes, port });
  replaceEnd(frame, packet, { side: "destination", addressBytes, port: undefined }, "complete");
  return { kind: "forward", frame, nextHop, via: "route", toward: "real-server" };
}
