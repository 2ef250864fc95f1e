// Keys and values of `connections`: struct connection_key and struct connection.

import type { IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { readAddress, readPort, writeAddress, writePort } from "./fields.ts";

/** What the client sees of a connection. */
export interface ConnectionKey {
  readonly client: IpAddress;
  readonly virtualAddress: IpAddress;
  readonly clientPort: number;
  readonly virtualPort: number;
  readonly protocol: number;
}

/** A connection as the data plane keeps it. */
export interface ConnectionRecord {
  /** Index into `tcpStateNames`. */
  readonly state: number;
  readonly active: boolean;
  /** Coarse clock. */
  readonly expires: number;
  readonly destination: number;
  readonly generation: number;
  /** Prefix length of its persistence template; absent without one. */
  readonly templatePrefix?: number;
  readonly realAddress: IpAddress;
  readonly realPort: number;
  readonly method: number;
  readonly ifindex: number;
}

/** IPVS's names in IPVS's order. */
export const tcpStateNames = [
  "NONE",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "SYNACK",
] as const;

export function encodeConnectionKey(key: ConnectionKey): Uint8Array {
  const writer = new ByteWriter(16, "host");
  writeAddress(writer, key.client);
  writeAddress(writer, key.virtualAddress);
  writePort(writer, key.clientPort);
  writePort(writer, key.virtualPort);
  return writer.u8(key.protocol).zeros(3).finish();
}

/** The caller vouches for the length. */
export function decodeConnectionKey(bytes: Uint8Array): ConnectionKey {
  const reader = new ByteReader(bytes, "host");
  return {
    client: readAddress(reader),
    virtualAddress: readAddress(reader),
    clientPort: readPort(reader),
    virtualPort: readPort(reader),
    protocol: reader.u8(),
  };
}

/** The caller vouches for the length. */
export function decodeConnectionRecord(bytes: Uint8Array): ConnectionRecord {
  const reader = new ByteReader(bytes, "host");
  const word = reader.u32();
  const expires = reader.u32();
  const destination = reader.u32();
  const generation = reader.u8();
  const prefix = reader.u8();
  reader.skip(2);
  const realAddress = readAddress(reader);
  const realPort = readPort(reader);
  const method = reader.u8();
  reader.skip(1);
  return {
    state: word & 0xff,
    active: (word & 0x100) !== 0,
    expires,
    destination,
    generation,
    ...(prefix > 0 && { templatePrefix: prefix - 1 }),
    realAddress,
    realPort,
    method,
    ifindex: reader.u32(),
  };
}
