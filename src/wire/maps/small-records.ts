// The small values: loads, limits, reals, interfaces, pressure, and the tuning of the program.

import type { Family, IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { readAddress, readPort, writeAddress, writePort } from "./fields.ts";

/** Connections of a destination: struct load. */
export interface LoadRecord {
  readonly active: number;
  readonly inactive: number;
  readonly persistent: number;
}

export function decodeLoad(bytes: Uint8Array): LoadRecord {
  const reader = new ByteReader(bytes, "host");
  return { active: reader.u32(), inactive: reader.u32(), persistent: reader.u32() };
}

/** Thresholds of a destination, and whether it is closed because of them: struct limit. */
export interface LimitRecord {
  readonly upper: number;
  readonly lower: number;
  readonly overloaded: boolean;
}

export function encodeLimit(limit: LimitRecord): Uint8Array {
  const writer = new ByteWriter(16, "host");
  return writer
    .u32(limit.upper)
    .u32(limit.lower)
    .u32(limit.overloaded ? 1 : 0)
    .u32(0)
    .finish();
}

export function decodeLimit(bytes: Uint8Array): LimitRecord {
  const reader = new ByteReader(bytes, "host");
  return { upper: reader.u32(), lower: reader.u32(), overloaded: reader.u32() !== 0 };
}

/** Whose replies a NAT real server sends: struct real. */
export interface RealRecord {
  readonly virtualAddress: IpAddress;
  /** 0: the same port as the real server's. */
  readonly virtualPort: number;
  /** True: several services have it. */
  readonly shared: boolean;
}

export function encodeReal(real: RealRecord): Uint8Array {
  const writer = new ByteWriter(20, "host");
  writeAddress(writer, real.virtualAddress);
  writePort(writer, real.virtualPort);
  return writer
    .u8(real.shared ? 1 : 0)
    .u8(0)
    .finish();
}

/** The family is that of its key. */
export function decodeReal(bytes: Uint8Array, family: Family): RealRecord {
  const reader = new ByteReader(bytes, "host");
  const virtualAddress = readAddress(reader, family);
  return { virtualAddress, virtualPort: readPort(reader), shared: reader.u8() !== 0 };
}

/** The MAC of an interface, 6 bytes: struct interface. */
export function encodeInterface(mac: Uint8Array): Uint8Array {
  return new ByteWriter(8, "host").bytes(mac).zeros(2).finish();
}

/** How full the connection table is: struct pressure. */
export interface PressureRecord {
  readonly halfOpen: number;
  /** Coarse clock; 0: never. */
  readonly statelessUntil: number;
  readonly connections: number;
  /** Connections from here on have never been used. */
  readonly begun: number;
  /** Of the table's hash: without it nothing in the table is found. */
  readonly seed: readonly [bigint, bigint];
}

export function decodePressure(bytes: Uint8Array): PressureRecord {
  const reader = new ByteReader(bytes, "host");
  const halfOpen = reader.u32();
  const statelessUntil = reader.u32();
  const connections = Number(reader.u64());
  reader.skip(8);
  const begun = reader.u32();
  reader.skip(4);
  return { halfOpen, statelessUntil, connections, begun, seed: [reader.u64(), reader.u64()] };
}

/** The record of an empty table. */
export function encodeEmptyPressure(seed: readonly [bigint, bigint]): Uint8Array {
  return new ByteWriter(56, "host").zeros(32).u64(seed[0]).u64(seed[1]).zeros(8).finish();
}

/** What is fixed when the program is loaded: struct tuning. Times in units of the coarse clock. */
export interface TuningRecord {
  /** The coarse clock is jiffies >> clockShift. */
  readonly clockShift: number;
  readonly jiffiesPerSecond: number;
  readonly halfOpenMax: number;
  readonly connectionsMax: number;
  readonly templateRearm: number;
  readonly statelessGrace: number;
  /** Slots of the table, a power of two, less one. */
  readonly slotMask: number;
  /** By state; 16 of them. */
  readonly sctpTimeouts: readonly number[];
  readonly seed: readonly [bigint, bigint];
}

export const tuningLength = 112;

export function encodeTuning(tuning: TuningRecord): Uint8Array {
  const writer = new ByteWriter(tuningLength, "host");
  writer.u32(tuning.clockShift).u32(tuning.jiffiesPerSecond).u32(tuning.halfOpenMax);
  writer.u32(tuning.connectionsMax);
  writer.u32(tuning.templateRearm).u32(tuning.statelessGrace).u32(tuning.slotMask);
  for (let state = 0; state < 16; state++) writer.u32(tuning.sctpTimeouts[state] ?? 0);
  return writer.u32(0).u64(tuning.seed[0]).u64(tuning.seed[1]).finish();
}

/** What the sweep found: struct sweep_report. */
export interface SweepReport {
  readonly connections: number;
  readonly connectionsRemoved: number;
  readonly templates: number;
  readonly templatesRemoved: number;
}

export const sweepReportLength = 16;

export function decodeSweepReport(bytes: Uint8Array): SweepReport {
  const reader = new ByteReader(bytes, "host");
  return {
    connections: reader.u32(),
    connectionsRemoved: reader.u32(),
    templates: reader.u32(),
    templatesRemoved: reader.u32(),
  };
}

/** The words of `events`, in the order of enum event. */
export const eventNames = [
  "fragment",
  "odd-form",
  "no-destination",
  "destination-gone",
  "unresolved",
  "no-route",
  "ttl-exceeded",
  "stateless",
  "table-full",
  "not-for-us",
  "icmp-forwarded",
  "not-a-syn",
  "malformed",
  "too-big",
  "no-port",
  "copy-lost",
] as const;

export type EventName = (typeof eventNames)[number];
