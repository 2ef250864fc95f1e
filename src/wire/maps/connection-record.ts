// Values of `connections`: struct connection, a slot of the connection table.

import type { IpAddress } from "../../base/address.ts";
import { ByteReader } from "../../base/bytes.ts";
import { readAddress, readPort } from "./fields.ts";

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
  readonly key: ConnectionKey;
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

const wordBits = { state: 0xff, active: 0x100, dead: 0x400, used: 0x8000 } as const;

/** The 16 bytes that begin a connection and that are a template's key. */
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

/** Undefined for a slot that is not in use. The caller vouches for the length. */
export function decodeConnectionRecord(bytes: Uint8Array): ConnectionRecord | undefined {
  const reader = new ByteReader(bytes, "host");
  const key = decodeConnectionKey(bytes);
  reader.skip(16);
  const word = reader.u32();
  if ((word & wordBits.used) === 0 || (word & wordBits.dead) !== 0) return undefined;
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
    key,
    state: word & wordBits.state,
    active: (word & wordBits.active) !== 0,
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
