// What a scheduler is: it chooses a destination for a new connection and remembers where it was.

import { type IpAddress, ipAddressBytes } from "../base/address.ts";
import type { SchedulerFlag } from "../model/balancer-table.ts";
import type { DestinationEntry } from "./destination.ts";

/** What a scheduler may look at: the packet, the time, and what is set for its service and for all. */
export interface SchedulingInput {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sourcePort: number;
  readonly nowMs: number;
  /** Of the service: 1 lets sh and mh fall back, 2 lets them look at the client's port. */
  readonly flags: readonly SchedulerFlag[];
  /** How long lblc and lblcr remember, seconds. */
  readonly lblcExpirationS: number;
  readonly lblcrExpirationS: number;
}

/** What happened to the destinations of a service. */
export type ListChange = "added" | "removed" | "changed";

/**
 * A scheduler with its state for one service. `destinations` is IPVS's list order, last added
 * first: comparisons are strict, so that order decides every tie.
 */
export interface Scheduler {
  /** The destination for a new connection; undefined when none can take it. */
  choose(
    destinations: readonly DestinationEntry[],
    input: SchedulingInput,
  ): DestinationEntry | undefined;
  /** Called after each change of the list; `removed` gives the place where the destination stood. */
  listChanged?(
    destinations: readonly DestinationEntry[],
    change: ListChange,
    entry: DestinationEntry,
    index: number,
  ): void;
}

/** An address as one 32-bit number; IPv6 by exclusive or of its four words. */
export function foldAddress(address: IpAddress): number {
  const bytes = ipAddressBytes(address);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let folded = 0;
  for (let at = 0; at < bytes.length; at += 4) folded ^= view.getUint32(at);
  return folded >>> 0;
}

/** The multiplicative hash that dh and sh use: the upper `bits` bits of a 32-bit product. */
export function hash32(value: number, bits: number): number {
  return Math.imul(value, 0x61c88647) >>> (32 - bits);
}
