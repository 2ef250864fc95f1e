// All connections and templates, found by the client's packets and by the real server's replies,
// and a wheel of one-second slots that says which of them may have ended.

import type { IpAddress } from "../base/address.ts";
import {
  bindConnection,
  type Connection,
  type ConnectionProtocol,
  unbindConnection,
} from "./connection.ts";

const SLOT_MS = 1000;
/** What a template lives on while connections that it brought are alive. */
const CONTROLLING_MS = 60_000;

export class ConnectionTable {
  readonly #forward = new Map<string, Connection>();
  /** By real server and client, newest first: two virtual addresses may share a real server. */
  readonly #backward = new Map<string, Connection[]>();
  readonly #slots = new Map<number, Set<Connection>>();
  readonly #slotOf = new Map<Connection, number>();
  /** Where a template stands that was taken out of its place but lives on. */
  readonly #keyOf = new Map<Connection, string>();
  #sweptSlot = Number.NaN;

  get size(): number {
    return this.#keyOf.size;
  }

  /** Connections and templates, oldest first. */
  all(): Iterable<Connection> {
    return this.#keyOf.keys();
  }

  /** The connection of a client's packet, or a template when `template`. */
  find(
    protocol: ConnectionProtocol,
    client: { readonly address: IpAddress; readonly port: number },
    virtual: { readonly address: IpAddress; readonly port: number },
    options: { readonly template: boolean; readonly nowMs: number },
  ): Connection | undefined {
    const key = endsKey(protocol, client, virtual, options.template);
    return this.#unlessExpired(this.#forward.get(key), options.nowMs);
  }

  /** The NAT connection that a packet from a real server to a client belongs to. */
  findReply(
    protocol: ConnectionProtocol,
    server: { readonly address: IpAddress; readonly port: number },
    client: { readonly address: IpAddress; readonly port: number },
    nowMs: number,
  ): Connection | undefined {
    const candidates = this.#backward.get(endsKey(protocol, client, server, false));
    return this.#unlessExpired(candidates?.[0], nowMs);
  }

  #unlessExpired(found: Connection | undefined, nowMs: number): Connection | undefined {
    if (found === undefined || found.expiresAtMs > nowMs) return found;
    this.#timerFired(found, nowMs);
    return this.#keyOf.has(found) ? found : undefined;
  }

  /** Adds a connection or template, counts it at its destination and starts its timer. */
  add(connection: Connection, nowMs: number): void {
    const key = keyOf(connection);
    this.#keyOf.set(connection, key);
    this.#forward.set(key, connection);
    if (isAnsweredHere(connection) && !connection.template) {
      const backwardKey = backwardKeyOf(connection);
      const others = this.#backward.get(backwardKey);
      if (others === undefined) this.#backward.set(backwardKey, [connection]);
      else others.unshift(connection);
    }
    bindConnection(connection);
    this.restartTimer(connection, nowMs);
  }

  /** Takes a connection out of sight; its counts stay until `release`. */
  hide(connection: Connection): void {
    const key = this.#keyOf.get(connection);
    if (key !== undefined && this.#forward.get(key) === connection) this.#forward.delete(key);
    const backwardKey = backwardKeyOf(connection);
    const left = this.#backward.get(backwardKey)?.filter((other) => other !== connection);
    if (left === undefined) return;
    if (left.length === 0) this.#backward.delete(backwardKey);
    else this.#backward.set(backwardKey, left);
  }

  /** Ends a connection or template. */
  remove(connection: Connection, nowMs: number): void {
    this.hide(connection);
    if (!this.#keyOf.delete(connection)) return;
    const slot = this.#slotOf.get(connection);
    this.#slotOf.delete(connection);
    if (slot !== undefined) this.#slots.get(slot)?.delete(connection);
    unbindConnection(connection, nowMs);
  }

  /** Ends all connections of removed destinations, and their templates when nobody holds them. */
  endUnavailable(nowMs: number): void {
    for (const connection of [...this.#keyOf.keys()]) {
      const { control, destination, controlled } = connection;
      if (destination.available || controlled > 0 || !this.#keyOf.has(connection)) continue;
      this.remove(connection, nowMs);
      if (control !== undefined && control.controlled === 0) this.remove(control, nowMs);
    }
  }

  /** Gives the connection its full timeout from `nowMs`. */
  restartTimer(connection: Connection, nowMs: number): void {
    // A connection that was ended may still be known by the fragments of its last packet.
    if (!this.#keyOf.has(connection)) return;
    connection.expiresAtMs = nowMs + connection.timeoutMs;
    const slot = Math.floor(connection.expiresAtMs / SLOT_MS);
    const standing = this.#slotOf.get(connection);
    // A later end needs no move: the sweep of the earlier slot moves it on.
    if (standing !== undefined && standing <= slot) return;
    this.#putInSlot(connection, slot);
  }

  #putInSlot(connection: Connection, slot: number): void {
    const standing = this.#slotOf.get(connection);
    if (standing !== undefined) this.#slots.get(standing)?.delete(connection);
    this.#slotOf.set(connection, slot);
    const members = this.#slots.get(slot);
    if (members === undefined) this.#slots.set(slot, new Set([connection]));
    else members.add(connection);
  }

  /** True when a second has passed since the last `expire`. */
  isSweepDue(nowMs: number): boolean {
    return Math.floor(nowMs / SLOT_MS) !== this.#sweptSlot;
  }

  /** Ends what has had no packet for its timeout. Returns how many ended. */
  expire(nowMs: number): number {
    const before = this.size;
    const current = Math.floor(nowMs / SLOT_MS);
    const due = [...this.#slots.keys()].filter((slot) => slot <= current).sort((a, b) => a - b);
    for (const slot of due) {
      for (const connection of this.#slots.get(slot) ?? []) {
        if (connection.expiresAtMs <= nowMs) this.#timerFired(connection, nowMs);
        const standing = Math.floor(connection.expiresAtMs / SLOT_MS);
        if (this.#keyOf.has(connection) && standing > slot) this.#putInSlot(connection, standing);
      }
      if (this.#slots.get(slot)?.size === 0) this.#slots.delete(slot);
    }
    this.#sweptSlot = current;
    return before - this.size;
  }

  #timerFired(connection: Connection, nowMs: number): void {
    if (connection.controlled === 0) {
      this.remove(connection, nowMs);
      return;
    }
    connection.timeoutMs = CONTROLLING_MS;
    connection.expiresAtMs = nowMs + CONTROLLING_MS;
  }
}

function keyOf(connection: Connection): string {
  const { protocol, clientAddress, clientPort, virtualAddress, virtualPort } = connection;
  return endsKey(
    protocol,
    { address: clientAddress, port: clientPort },
    { address: virtualAddress, port: virtualPort },
    connection.template,
  );
}

/** Whether the real server's packets come back through this host. */
function isAnsweredHere({ forwarding, borrowed }: Connection): boolean {
  return forwarding === "NAT" || (forwarding === "FULLNAT" && borrowed !== undefined);
}

function backwardKeyOf(connection: Connection): string {
  const { protocol, clientAddress, clientPort, destination, destinationPort } = connection;
  return endsKey(
    protocol,
    connection.borrowed ?? { address: clientAddress, port: clientPort },
    { address: destination.address, port: destinationPort },
    false,
  );
}

function endsKey(
  protocol: ConnectionProtocol,
  client: { readonly address: IpAddress; readonly port: number },
  other: { readonly address: IpAddress; readonly port: number },
  template: boolean,
): string {
  const prefix = template ? "template " : "";
  return `${prefix}${protocol} ${client.address} ${client.port} ${other.address} ${other.port}`;
}
