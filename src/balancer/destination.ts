// One real server of one service as the balancer keeps it, with the counts that schedulers read.

import { type IpAddress, ipAddressBytes } from "../base/address.ts";
import type { Destination, TrafficCounters } from "../model/balancer-table.ts";
import type { ForwardingMethod, FullNatSettings, TunnelSettings } from "../model/virtual-server.ts";

/** Counters that grow; read as `TrafficCounters`. */
export type MutableCounters = { -readonly [Name in keyof TrafficCounters]: TrafficCounters[Name] };

/** What a connection needs to know of its service: where its packets are counted. */
export interface CountingService {
  readonly counters: MutableCounters;
  /** How this host would send to an address. */
  readonly routes?: RouteFinder;
}

/** What the balancer asks of the machine that it runs on. */
export type RouteFinder = (destination: IpAddress) => RouteOfHost | undefined;

/** The way to an address. */
export interface RouteOfHost {
  /** The address of this host that packets of its own would have. */
  readonly source: IpAddress;
  /** Bytes of a packet at most. */
  readonly mtu: number;
}

/** A destination in the table, or one that was removed while connections still point to it. */
export interface DestinationEntry {
  readonly address: IpAddress;
  readonly addressBytes: Uint8Array;
  readonly port: number;
  service: CountingService;
  weight: number;
  /** The last weight that was not 0: the Maglev table is built from it. */
  lastWeight: number;
  forwarding: ForwardingMethod;
  /** Of TUN; IP in IP when absent. */
  tunnel: TunnelSettings | undefined;
  /** Of FULLNAT. */
  fullNat: FullNatSettings | undefined;
  upperThreshold: number;
  lowerThreshold: number;
  activeConnections: number;
  inactiveConnections: number;
  persistentConnections: number;
  /** False once removed: connections stay, but carry nothing any more. */
  available: boolean;
  /** Sticky: set at the upper threshold, cleared below the lower one. */
  overloaded: boolean;
  /** When the last connection of a removed destination ended; its counts are kept a while. */
  idleSinceMs?: number;
  readonly counters: MutableCounters;
}

/** Counters at zero. */
export function zeroCounters(): MutableCounters {
  return { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
}

/** A destination as it enters the table for the first time. */
export function newDestination(wish: Destination, service: CountingService): DestinationEntry {
  return {
    address: wish.address,
    addressBytes: ipAddressBytes(wish.address),
    port: wish.port,
    service,
    weight: wish.weight,
    lastWeight: wish.weight,
    forwarding: wish.forwarding,
    tunnel: wish.tunnel,
    fullNat: wish.fullNat,
    upperThreshold: wish.upperThreshold,
    lowerThreshold: wish.lowerThreshold,
    activeConnections: 0,
    inactiveConnections: 0,
    persistentConnections: 0,
    available: true,
    overloaded: false,
    counters: zeroCounters(),
  };
}

/** Takes over the attributes of `wish`. Other thresholds open or close the destination at once. */
export function changeDestination(entry: DestinationEntry, wish: Destination): void {
  const { upperThreshold, lowerThreshold } = entry;
  entry.weight = wish.weight;
  if (wish.weight !== 0) entry.lastWeight = wish.weight;
  entry.forwarding = wish.forwarding;
  entry.tunnel = wish.tunnel;
  entry.fullNat = wish.fullNat;
  entry.upperThreshold = wish.upperThreshold;
  entry.lowerThreshold = wish.lowerThreshold;
  if (upperThreshold !== wish.upperThreshold || lowerThreshold !== wish.lowerThreshold)
    entry.overloaded = isOverloaded(entry);
}

/** What follows from counts and thresholds; between the two it stays as it is. */
function isOverloaded(entry: DestinationEntry): boolean {
  const { upperThreshold, lowerThreshold, activeConnections, inactiveConnections } = entry;
  const total = activeConnections + inactiveConnections;
  if (upperThreshold === 0) return false;
  if (total >= upperThreshold) return true;
  const reopensBelow =
    lowerThreshold === 0 ? upperThreshold - Math.floor(upperThreshold / 4) : lowerThreshold;
  return entry.overloaded && total >= reopensBelow;
}

/** True when a scheduler may choose it for a new connection. */
export function isUsable(entry: DestinationEntry): boolean {
  return !entry.overloaded && entry.weight > 0;
}

/** Connections, active ones 256 times: what the least-connection family compares. */
export function connectionOverhead(entry: DestinationEntry): number {
  return entry.activeConnections * 256 + entry.inactiveConnections;
}

/** To be called after a connection or template was bound: it may reach the upper threshold. */
export function checkUpperThreshold(entry: DestinationEntry): void {
  const total = entry.activeConnections + entry.inactiveConnections;
  if (entry.upperThreshold !== 0 && total >= entry.upperThreshold) entry.overloaded = true;
}

/** To be called after a connection or template ended: without a lower threshold 3/4 of the upper one. */
export function checkLowerThreshold(entry: DestinationEntry): void {
  entry.overloaded &&= isOverloaded(entry);
}
