// Values of `services`: struct service, a whole virtual service with its destinations.

import { familyOf, type IpAddress } from "../../base/address.ts";
import { assert } from "../../base/assert.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { familyFromByte, readAddress, readPort, writeAddress, writePort } from "./fields.ts";
import { candidateLength, candidatesMax, mapShapes } from "./schema.ts";

/** Numbers of `scheduler`. */
export const schedulerNumbers = {
  rr: 0,
  wrr: 1,
  wlc: 2,
  lc: 3,
  sed: 4,
  nq: 5,
  fo: 6,
  ovf: 7,
  lblc: 8,
  lblcr: 9,
  dh: 10,
  sh: 11,
  mh: 12,
  twos: 13,
} as const;

/** Numbers of `method`, as IPVS has them; it has no FULLNAT. */
export const methodNumbers = { NAT: 0, TUN: 2, DR: 3, FULLNAT: 5 } as const;

export const serviceFlags = { persistent: 1, onePacket: 2 } as const;

/** Bits of `flags` for the flags 1 to 3 of a scheduler. */
export const schedulerFlagBits = { 1: 4, 2: 8, 3: 16 } as const;

/** A destination as the scheduler sees it; `destination` is its slot in the array maps. */
export interface CandidateRecord {
  readonly destination: number;
  readonly weight: number;
  readonly address: IpAddress;
  readonly port: number;
  readonly method: number;
  readonly generation: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** The last weight that was not 0; 0 when there was none since it was added. */
  readonly lastWeight: number;
}

/** Sums of counters: connections, packets and bytes in, packets and bytes out. */
export interface CounterRecord {
  readonly connections: bigint;
  readonly inPackets: bigint;
  readonly inBytes: bigint;
  readonly outPackets: bigint;
  readonly outBytes: bigint;
}

/** A service. The cursor is where rr and wrr stand. */
export interface ServiceRecord {
  readonly scheduler: number;
  readonly flags: number;
  readonly persistenceSeconds: number;
  readonly persistencePrefix: number;
  /** rr, wrr: the last chosen place plus one; 0 before the first. */
  readonly cursorPlace: number;
  /** wrr: the current weight. */
  readonly cursorWeight: number;
  readonly weightMax: number;
  readonly weightStep: number;
  /** dh, sh, mh: key of its table; lblc, lblcr: what their memory goes by; 0: none. */
  readonly table: number;
  /** Services of one number share their templates; 0: none. */
  readonly persistenceGroup: number;
  /** Counters of destinations that are gone. */
  readonly retired: CounterRecord;
  /** The last added first. */
  readonly candidates: readonly CandidateRecord[];
}

export const zeroCounters: CounterRecord = {
  connections: 0n,
  inPackets: 0n,
  inBytes: 0n,
  outPackets: 0n,
  outBytes: 0n,
};

export function writeCounters(writer: ByteWriter, counters: CounterRecord): void {
  writer.u64(counters.connections).u64(counters.inPackets).u64(counters.inBytes);
  writer.u64(counters.outPackets).u64(counters.outBytes);
}

export function readCounters(reader: ByteReader): CounterRecord {
  return {
    connections: reader.u64(),
    inPackets: reader.u64(),
    inBytes: reader.u64(),
    outPackets: reader.u64(),
    outBytes: reader.u64(),
  };
}

/** Where a candidate's family stands. */
const familyAt = 36;

function writeCandidate(writer: ByteWriter, candidate: CandidateRecord): void {
  writer.u32(candidate.destination).u32(candidate.weight);
  writeAddress(writer, candidate.address);
  writePort(writer, candidate.port);
  writer.u8(candidate.method).u8(candidate.generation);
  writer.u32(candidate.upperThreshold).u32(candidate.lowerThreshold);
  writer.u8(familyOf(candidate.address)).zeros(3);
  writer.u32(candidate.lastWeight);
}

function readCandidate(bytes: Uint8Array): CandidateRecord {
  const reader = new ByteReader(bytes, "host");
  const candidate = {
    destination: reader.u32(),
    weight: reader.u32(),
    address: readAddress(reader, familyFromByte(bytes[familyAt] ?? 0)),
    port: readPort(reader),
    method: reader.u8(),
    generation: reader.u8(),
    upperThreshold: reader.u32(),
    lowerThreshold: reader.u32(),
  };
  reader.skip(4);
  return { ...candidate, lastWeight: reader.u32() };
}

export function encodeServiceRecord(record: ServiceRecord): Uint8Array {
  assert(record.candidates.length <= candidatesMax, "a service has room for its destinations");
  const writer = new ByteWriter(mapShapes.services.valueLength, "host");
  writer.u32(record.scheduler).u32(record.flags);
  writer.u32(record.persistenceSeconds).u32(record.persistencePrefix);
  writer.u32(record.cursorPlace).u32(record.cursorWeight);
  writer.u32(record.weightMax).u32(record.weightStep);
  writer.u32(record.candidates.length).u32(record.table);
  writer.u32(record.persistenceGroup).u32(0);
  writeCounters(writer, record.retired);
  for (const candidate of record.candidates) writeCandidate(writer, candidate);
  return writer.zeros((candidatesMax - record.candidates.length) * candidateLength).finish();
}

/** Reads a service; a count beyond the room is cut. The caller vouches for the length. */
export function decodeServiceRecord(bytes: Uint8Array): ServiceRecord {
  const reader = new ByteReader(bytes, "host");
  const scheduler = reader.u32();
  const flags = reader.u32();
  const persistenceSeconds = reader.u32();
  const persistencePrefix = reader.u32();
  const cursorPlace = reader.u32();
  const cursorWeight = reader.u32();
  const weightMax = reader.u32();
  const weightStep = reader.u32();
  const count = Math.min(reader.u32(), candidatesMax);
  const table = reader.u32();
  const persistenceGroup = reader.u32();
  reader.skip(4);
  const retired = readCounters(reader);
  const candidates: CandidateRecord[] = [];
  for (let i = 0; i < count; i++) candidates.push(readCandidate(reader.bytes(candidateLength)));
  return {
    scheduler,
    flags,
    persistenceSeconds,
    persistencePrefix,
    cursorPlace,
    cursorWeight,
    weightMax,
    weightStep,
    table,
    persistenceGroup,
    retired,
    candidates,
  };
}
