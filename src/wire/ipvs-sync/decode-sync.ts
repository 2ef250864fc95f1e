// Reading a synchronisation datagram, version 1 as the kernel sends it by default, or version 0.

import { ipAddressFromBytes } from "../../base/address.ts";
import { ByteReader } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { type SequenceShift, type SyncConnection, syncFlags } from "./sync-connection.ts";

/** What a datagram tells. */
export interface SyncMessage {
  readonly syncId: number;
  readonly version: 0 | 1;
  readonly connections: readonly SyncConnection[];
  /** Connections that make no sense, or need what this reader does not know. */
  readonly rejected: number;
}

/** Why bytes are no datagram of a sync daemon. */
export type SyncFault =
  | { readonly kind: "truncated"; readonly length: number }
  | { readonly kind: "size-wrong"; readonly said: number; readonly length: number };

const headerLength = 4;
const protocols: readonly number[] = [6, 17, 132, 50, 51];
const tcp = 6;
const sctp = 132;
const tcpStates = 11;
const sctpStates = 14;
const option = { sequences: 1, engineData: 2, engineName: 3, ignorable: 0x40 } as const;
const engineNameMax = 16;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Whether a state and a protocol are ones that exist. */
function isSound({ protocol, flags, state }: SyncConnection): boolean {
  if ((flags & syncFlags.methodMask) > 4) return false;
  if ((flags & syncFlags.template) !== 0)
    return state <= 1 && (protocol === 0 || protocols.includes(protocol));
  if (!protocols.includes(protocol)) return false;
  if (protocol === tcp) return state < tcpStates;
  return protocol === sctp ? state < sctpStates : state <= 1;
}

function readShift(reader: ByteReader): SequenceShift {
  return { initial: reader.u32(), delta: reader.u32(), previousDelta: reader.u32() };
}

/** The options behind a connection; undefined when they are broken or one that must be understood is not. */
function withOptions(connection: SyncConnection, bytes: Uint8Array): SyncConnection | undefined {
  const reader = new ByteReader(bytes);
  const read: Mutable<SyncConnection> = { ...connection };
  const seen = new Set<number>();
  let name: string | undefined;
  let data: Uint8Array | undefined;
  while (reader.left > 0) {
    const type = reader.u8();
    const length = reader.u8();
    const body = reader.bytes(length);
    if (reader.overrun || length === 0 || seen.has(type)) return undefined;
    seen.add(type);
    if (type === option.sequences) {
      if (length !== 24) return undefined;
      const shifts = new ByteReader(body);
      read.sequences = { in: readShift(shifts), out: readShift(shifts) };
    } else if (type === option.engineData) {
      data = body.slice();
    } else if (type === option.engineName) {
      if (length > engineNameMax) return undefined;
      name = String.fromCharCode(...body);
    } else if ((type & option.ignorable) === 0) {
      return undefined;
    }
  }
  if ((name === undefined) !== (data === undefined)) return undefined;
  if (name !== undefined && data !== undefined) read.persistenceEngine = { name, data };
  return read;
}

/** One record of version 1, without the padding before it. */
function decodeRecord(bytes: Uint8Array): SyncConnection | undefined {
  const reader = new ByteReader(bytes);
  const type = reader.u8();
  const protocol = reader.u8();
  const versionAndSize = reader.u16();
  const flags = reader.u32();
  const state = reader.u16();
  const [clientPort, virtualPort, destinationPort] = [reader.u16(), reader.u16(), reader.u16()];
  const fwmark = reader.u32();
  const timeoutS = reader.u32();
  const addressLength = (type & 1) !== 0 ? 16 : 4;
  const addresses = [0, 1, 2].map(() => reader.bytes(addressLength));
  if (reader.overrun || versionAndSize >> 12 !== 0) return undefined;
  const [client, virtual, destination] = addresses.map((address) => ipAddressFromBytes(address));
  if (client === undefined || virtual === undefined || destination === undefined) return undefined;
  const connection = withOptions(
    {
      protocol,
      flags,
      state,
      client,
      clientPort,
      virtual,
      virtualPort,
      destination,
      destinationPort,
      fwmark,
      timeoutS,
    },
    bytes.subarray(reader.offset),
  );
  return connection !== undefined && isSound(connection) ? connection : undefined;
}

function decodeVersion1(bytes: Uint8Array, syncId: number, count: number): SyncMessage {
  const connections: SyncConnection[] = [];
  let at = 8;
  let read = 0;
  for (; read < count; read++) {
    at = (at + 3) & ~3;
    if (at + 4 > bytes.length) break;
    const length = (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) & 0xfff;
    // Without a length that holds nothing behind it can be found.
    if (length < 36 || at + length > bytes.length) break;
    const connection = decodeRecord(bytes.subarray(at, at + length));
    if (connection !== undefined) connections.push(connection);
    at += length;
  }
  return { syncId, version: 1, connections, rejected: count - connections.length };
}

function decodeRecord0(reader: ByteReader): SyncConnection | undefined {
  reader.skip(1);
  const protocol = reader.u8();
  const [clientPort, virtualPort, destinationPort] = [reader.u16(), reader.u16(), reader.u16()];
  const [client, virtual, destination] = [0, 1, 2].map(() => reader.bytes(4));
  const flags = reader.u16();
  const state = reader.u16();
  const shifted = (flags & (syncFlags.inSequence | syncFlags.outSequence)) !== 0;
  const sequences = shifted ? { in: readShift(reader), out: readShift(reader) } : undefined;
  if (reader.overrun || !client || !virtual || !destination) return undefined;
  return {
    protocol,
    flags,
    state,
    client: ipAddressFromBytes(client),
    clientPort,
    virtual: ipAddressFromBytes(virtual),
    virtualPort,
    destination: ipAddressFromBytes(destination),
    destinationPort,
    fwmark: 0,
    timeoutS: 0,
    ...(sequences !== undefined && { sequences }),
  };
}

function decodeVersion0(bytes: Uint8Array, syncId: number, count: number): SyncMessage {
  const reader = new ByteReader(bytes);
  reader.skip(headerLength);
  const connections: SyncConnection[] = [];
  for (let read = 0; read < count; read++) {
    const connection = decodeRecord0(reader);
    if (connection === undefined) break;
    if (isSound(connection)) connections.push(connection);
  }
  return { syncId, version: 0, connections, rejected: count - connections.length };
}

/**
 * Reads a datagram. A connection that makes no sense is left out and counted; the others stand. The
 * kernel drops the rest of the datagram there, which helps nobody.
 */
export function decodeSyncMessage(bytes: Uint8Array): Result<SyncMessage, SyncFault> {
  if (bytes.length < headerLength) return fail({ kind: "truncated", length: bytes.length });
  const reader = new ByteReader(bytes);
  const first = reader.u8();
  const syncId = reader.u8();
  const said = reader.u16();
  if (said !== bytes.length) return fail({ kind: "size-wrong", said, length: bytes.length });
  const count = reader.u8();
  const version = reader.u8();
  const spare = reader.u16();
  const isVersion1 = first === 0 && version === 1 && spare === 0 && !reader.overrun;
  return ok(
    isVersion1 ? decodeVersion1(bytes, syncId, count) : decodeVersion0(bytes, syncId, first),
  );
}
