// Sending a packet of a connection on: counted, one hop older, rewritten as its method asks.

import { ipAddressBytes } from "../base/address.ts";
import type { TunnelSettings } from "../model/virtual-server.ts";
import type { BorrowedEnd } from "./borrowed-ends.ts";
import type { Connection } from "./connection.ts";
import { countIn, countOut } from "./counting.ts";
import type { DestinationEntry } from "./destination.ts";
import { buildIcmpError } from "./icmp-error.ts";
import { type PacketView, transportName } from "./packet.ts";
import { type ChecksumForm, copyWithLowerTtl, type NewEnd, replaceEnd } from "./rewrite.ts";
import { tunnelOverhead, wrapPacket } from "./tunnel.ts";
import { pass, type Verdict } from "./verdict.ts";

/** What `ipvsadm -i` says. */
const plainTunnel: TunnelSettings = { type: "ipip", checksum: "none" };

/** A client's packet, to its real server. */
export function forwardToServer(
  connection: Connection,
  packet: PacketView,
  checksum: ChecksumForm,
): Verdict {
  countIn(connection, packet.totalLength);
  connection.inPackets++;
  if (packet.ttl <= 1) {
    const frame = buildIcmpError(packet, "time-exceeded");
    return { kind: "reply", reason: "ttl-expired", frame };
  }
  const { destination, destinationPort } = connection;
  const toward = "real-server";
  switch (connection.forwarding) {
    case "TUN":
      return intoTunnel(destination, packet);
    case "BYPASS": {
      const frame = copyWithLowerTtl(packet);
      return { kind: "forward", frame, nextHop: packet.destination, via: "route", toward };
    }
    case "FULLNAT":
    case "NAT": {
      if (!isRewritable(packet, packet.transport?.destinationPort, destinationPort))
        return { kind: "drop", reason: "not-rewritable" };
      const frame = copyWithLowerTtl(packet);
      const { addressBytes } = destination;
      const port = packet.transport === undefined ? undefined : destinationPort;
      replaceEnd(frame, packet, { side: "destination", addressBytes, port }, checksum);
      if (connection.borrowed !== undefined)
        replaceEnd(frame, packet, endAt("source", connection.borrowed, port), checksum);
      return { kind: "forward", frame, nextHop: destination.address, via: "route", toward };
    }
    default: {
      const frame = copyWithLowerTtl(packet);
      return { kind: "forward", frame, nextHop: destination.address, via: "link", toward };
    }
  }
}

/** A packet to the far end of the destination's tunnel. */
export function intoTunnel(destination: DestinationEntry, packet: PacketView): Verdict {
  const { address, tunnel: settings = plainTunnel, service } = destination;
  const route = service.routes?.(address);
  if (route === undefined) return { kind: "drop", reason: "no-route" };
  const room = route.mtu - tunnelOverhead(settings, address);
  if (packet.totalLength > room) return answerTooBig(packet, room);
  const tunnel = { settings, source: route.source, target: address };
  const frame = wrapPacket(copyWithLowerTtl(packet), packet, tunnel);
  return { kind: "forward", frame, nextHop: address, via: "route", toward: "real-server" };
}

/** IPVS lets packets without DF be cut; here their senders hear of it, too. */
function answerTooBig(packet: PacketView, room: number): Verdict {
  const frame = buildIcmpError(packet, "too-big", room);
  return { kind: "reply", reason: "too-big", frame };
}

/** A NAT real server's packet, to its client, from the virtual address. */
export function forwardToClient(
  connection: Connection,
  packet: PacketView,
  checksum: ChecksumForm,
): Verdict {
  // The machine answers it as any router would, before the balancer's hook.
  if (packet.ttl <= 1) return pass;
  const { virtualAddressBytes: addressBytes, virtualPort, clientAddress } = connection;
  if (!isRewritable(packet, packet.transport?.sourcePort, virtualPort))
    return { kind: "drop", reason: "not-rewritable" };
  countOut(connection, packet.totalLength);
  const frame = copyWithLowerTtl(packet);
  const port = packet.transport === undefined ? undefined : virtualPort;
  replaceEnd(frame, packet, { side: "source", addressBytes, port }, checksum);
  if (connection.borrowed !== undefined) {
    const client = { address: clientAddress, port: connection.clientPort };
    replaceEnd(frame, packet, endAt("destination", client, port), checksum);
  }
  return { kind: "forward", frame, nextHop: clientAddress, via: "route", toward: "client" };
}

/** One side of a packet that has ports when `other` is one. */
function endAt(side: NewEnd["side"], end: BorrowedEnd, other: number | undefined): NewEnd {
  const port = other === undefined ? undefined : end.port;
  return { side, addressBytes: ipAddressBytes(end.address), port };
}

/** The checksum of SCTP covers all pieces of a packet: with one of them alone no port can be changed. */
function isRewritable(packet: PacketView, port: number | undefined, newPort: number): boolean {
  const isSctp = transportName(packet.protocol) === "SCTP";
  return !isSctp || packet.fragment === undefined || port === undefined || port === newPort;
}
