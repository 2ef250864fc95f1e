// Writing a synchronisation datagram, version 1:
//
//   reserved 0 | syncid | size of all, 2 | connections | version 1 | spare 0, 2
//   then each connection, begun at a multiple of four bytes

import { familyOf, ipAddressBytes } from "../../base/address.ts";
import { assert } from "../../base/assert.ts";
import { ByteWriter } from "../../base/bytes.ts";
import { type SequenceShift, type SyncConnection, syncFlags } from "./sync-connection.ts";

/** Bytes before the first connection. */
export const syncHeaderLength = 8;
/** Connections that one datagram can count. */
export const syncConnectionsMax = 255;

const version = 1;
const fixedLength = { 4: 36, 6: 72 } as const;
const option = { sequences: 1, engineData: 2, engineName: 3 } as const;
const sequencesLength = 24;
const engineDataMax = 255;
const engineNameMax = 16;

function optionsLength({ flags, sequences, persistenceEngine: engine }: SyncConnection): number {
  const hasSequences = sequences !== undefined && sequencesBits(flags) !== 0;
  return (
    (hasSequences ? 2 + sequencesLength : 0) +
    (engine === undefined ? 0 : 4 + engine.data.length + engine.name.length)
  );
}

function sequencesBits(flags: number): number {
  return flags & (syncFlags.inSequence | syncFlags.outSequence);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

/** What a connection takes of a datagram, a multiple of four bytes. */
export function syncConnectionLength(connection: SyncConnection): number {
  return padded(fixedLength[familyOf(connection.client)] + optionsLength(connection));
}

function writeShift(writer: ByteWriter, shift: SequenceShift): void {
  writer.u32(shift.initial).u32(shift.delta).u32(shift.previousDelta);
}

function writeConnection(writer: ByteWriter, connection: SyncConnection): number {
  const { flags, sequences, persistenceEngine: engine } = connection;
  const family = familyOf(connection.client);
  const length = fixedLength[family] + optionsLength(connection);
  writer
    .u8(family === 6 ? 1 : 0)
    .u8(connection.protocol)
    .u16(length);
  writer.u32(flags).u16(connection.state);
  writer.u16(connection.clientPort).u16(connection.virtualPort).u16(connection.destinationPort);
  writer.u32(connection.fwmark).u32(connection.timeoutS);
  for (const address of [connection.client, connection.virtual, connection.destination]) {
    assert(familyOf(address) === family, "a synchronised connection has one family");
    writer.bytes(ipAddressBytes(address));
  }
  if (sequences !== undefined && sequencesBits(flags) !== 0) {
    writer.u8(option.sequences).u8(sequencesLength);
    writeShift(writer, sequences.in);
    writeShift(writer, sequences.out);
  }
  if (engine !== undefined) {
    assert(engine.data.length <= engineDataMax, "a persistence engine's data fit their length");
    assert(engine.name.length <= engineNameMax, "a persistence engine's name fits");
    writer.u8(option.engineData).u8(engine.data.length).bytes(engine.data);
    writer.u8(option.engineName).u8(engine.name.length);
    for (const character of engine.name) writer.u8(character.charCodeAt(0) & 0x7f);
  }
  return length;
}

/**
 * A datagram of up to `syncConnectionsMax` connections, whose lengths with the header stay below
 * 65536; the caller fills it up to its own limit. Addresses of a connection are of one family.
 * As the kernel does, nothing pads behind the last connection.
 */
export function encodeSyncMessage(
  syncId: number,
  connections: readonly SyncConnection[],
): Uint8Array {
  assert(connections.length <= syncConnectionsMax, "a datagram can count its connections");
  let size = syncHeaderLength;
  for (const connection of connections)
    size = padded(size) + fixedLength[familyOf(connection.client)] + optionsLength(connection);
  const writer = new ByteWriter(size);
  writer.u8(0).u8(syncId).u16(size).u8(connections.length).u8(version).u16(0);
  let at = syncHeaderLength;
  for (const connection of connections) {
    writer.zeros(padded(at) - at);
    at = padded(at) + writeConnection(writer, connection);
  }
  return writer.finish();
}
