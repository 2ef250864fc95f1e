// One connection, or one template: the record that keeps a client with its real server.

import type { IpAddress } from "../base/address.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { ForwardingMethod, TransportProtocol } from "../model/virtual-server.ts";
import type { BorrowedEnd } from "./borrowed-ends.ts";
import { checkLowerThreshold, checkUpperThreshold, type DestinationEntry } from "./destination.ts";
import type { SctpState } from "./sctp-states.ts";
import type { TcpState } from "./tcp-states.ts";

/** NONE and ASSURED are also the states of a template; UDP is the only one of UDP. */
export type ConnectionState = TcpState | SctpState | "UDP" | "ASSURED";

/** IP: a template of a firewall-mark service, which is for all protocols. */
export type ConnectionProtocol = TransportProtocol | "IP";

/** BYPASS: the packets go where their client sent them. */
export type ConnectionMethod = ForwardingMethod | "BYPASS";

/** From where a client speaks, what it speaks to, and where that leads. */
export interface ConnectionEnds {
  readonly protocol: ConnectionProtocol;
  readonly clientAddress: IpAddress;
  readonly clientPort: number;
  /** The virtual address; for a template of a firewall mark the mark, written as an address. */
  readonly virtualAddress: IpAddress;
  readonly virtualPort: number;
  readonly destinationPort: number;
}

export interface Connection extends ConnectionEnds {
  /** Both are 65535 in a template that is not valid any more. */
  virtualPort: number;
  destinationPort: number;
  readonly destination: DestinationEntry;
  readonly forwarding: ConnectionMethod;
  readonly template: boolean;
  /** The virtual address as bytes: what replies get as their source. */
  readonly virtualAddressBytes: Uint8Array;
  state: ConnectionState;
  /** Whether it counts as ActiveConn of its destination, or as InActConn. */
  active: boolean;
  /** No packet of the real server was seen: true until then unless forwarding is NAT or FULLNAT. */
  noOutput: boolean;
  /** Of FULLNAT: who the real server sees. */
  borrowed?: BorrowedEnd;
  timeoutMs: number;
  expiresAtMs: number;
  /** The template that brought it here. */
  readonly control: Connection | undefined;
  /** Connections that this template brought. */
  controlled: number;
  inPackets: number;
}

/** A connection before its first packet: state NONE, 3 s to live. */
export function newConnection(
  ends: ConnectionEnds,
  about: {
    readonly destination: DestinationEntry;
    readonly template: boolean;
    readonly virtualAddressBytes: Uint8Array;
    readonly control: Connection | undefined;
  },
): Connection {
  const { destination } = about;
  return {
    ...ends,
    ...about,
    forwarding: destination.forwarding,
    state: "NONE",
    active: false,
    noOutput: destination.forwarding !== "NAT" && destination.forwarding !== "FULLNAT",
    timeoutMs: 3000,
    expiresAtMs: Number.POSITIVE_INFINITY,
    controlled: 0,
    inPackets: 0,
  };
}

/** Counts a new connection or template at its destination and template. */
export function bindConnection(connection: Connection): void {
  const { destination, control } = connection;
  if (control !== undefined) control.controlled++;
  if (connection.template) destination.persistentConnections++;
  else destination.inactiveConnections++;
  checkUpperThreshold(destination);
}

/** Takes an ended connection or template out of the counts. */
export function unbindConnection(connection: Connection, nowMs: number): void {
  const { destination, control } = connection;
  if (control !== undefined) control.controlled--;
  if (connection.template) destination.persistentConnections--;
  else if (connection.active) destination.activeConnections--;
  else destination.inactiveConnections--;
  checkLowerThreshold(destination);
  if (isUnreferenced(destination)) destination.idleSinceMs = nowMs;
}

/** True when no connection or template points to the destination. */
export function isUnreferenced(destination: DestinationEntry): boolean {
  const { activeConnections, inactiveConnections, persistentConnections } = destination;
  return activeConnections + inactiveConnections + persistentConnections === 0;
}

/**
 * Enters a state of TCP or SCTP: moves between active and inactive. An established connection assures
 * its template.
 */
export function enterState(connection: Connection, state: ConnectionState, active: boolean): void {
  if (state !== connection.state) {
    const { destination } = connection;
    if (connection.active && !active) {
      destination.activeConnections--;
      destination.inactiveConnections++;
    } else if (!connection.active && active) {
      destination.activeConnections++;
      destination.inactiveConnections--;
    }
    connection.active = active;
    if (state === "ESTABLISHED") assureTemplate(connection);
  }
  connection.state = state;
}

/** A template that must not be found any more keeps its counts under ports that nobody uses. */
export function voidTemplate(template: Connection): void {
  template.virtualPort = 65535;
  template.destinationPort = 65535;
}

/** Marks the template of a connection as one that a real client uses. */
export function assureTemplate(connection: Connection): void {
  if (connection.control !== undefined) connection.control.state = "ASSURED";
}

/** A connection or template as listings show it. */
export function connectionEntry(connection: Connection, nowMs: number): ConnectionEntry {
  const { protocol, clientAddress, clientPort, virtualAddress, virtualPort } = connection;
  return {
    protocol,
    client: { address: clientAddress, port: clientPort },
    virtual: { address: virtualAddress, port: virtualPort },
    destination: { address: connection.destination.address, port: connection.destinationPort },
    state: connection.state,
    expiresInS: Math.max(0, Math.floor((connection.expiresAtMs - nowMs) / 1000)),
    template: connection.template,
  };
}
