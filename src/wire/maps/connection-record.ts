// Values of `connections`: struct connection, a slot of the connection table.

import type { IpAddress } from "../../base/address.ts";
import { ByteReader } from "../../base/bytes.ts";
import { familyFromByte, readAddress, readAddress4, readPort } from "./fields.ts";

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
  /** It came from another director. */
  readonly synced: boolean;
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

/** The same of SCTP. */
export const sctpStateNames = [
  "NONE",
  "INIT1",
  "INIT",
  "C-SENT",
  "C-REPLIED",
  "C-WAIT",
  "COOKIE",
  "C-ECHOED",
  "ESTABLISHED",
  "S-SENT",
  "S-RECEIVED",
  "S-ACK-SENT",
  "REJECTED",
  "CLOSED",
] as const;

const wordBits = { state: 0xff, active: 0x100, dead: 0x400, synced: 0x4000, used: 0x8000 } as const;

/** The 16 bytes that begin a connection; IPv6 addresses are those of `ends`. */
function decodeConnectionKey(bytes: Uint8Array, ends: Uint8Array): ConnectionKey {
  const reader = new ByteReader(bytes, "host");
  const folded = { client: readAddress4(reader), virtualAddress: readAddress4(reader) };
  const ports = { clientPort: readPort(reader), virtualPort: readPort(reader) };
  const protocol = reader.u8();
  if (familyFromByte(reader.u8()) === 4) return { ...folded, ...ports, protocol };
  const whole = new ByteReader(ends, "host");
  const client = readAddress(whole, 6);
  return { client, virtualAddress: readAddress(whole, 6), ...ports, protocol };
}

/** A key of `templates`: struct template_key. Its client is a network, its client's port 0. */
export function decodeTemplateKey(bytes: Uint8Array): ConnectionKey {
  const reader = new ByteReader(bytes, "host");
  const protocol = bytes[34] ?? 0;
  const family = familyFromByte(bytes[35] ?? 0);
  return {
    client: readAddress(reader, family),
    virtualAddress: readAddress(reader, protocol === 0 ? 4 : family),
    clientPort: 0,
    virtualPort: readPort(reader),
    protocol,
  };
}

/**
 * Undefined for a slot that is not in use. `ends` is the value of `addresses6` at the same place; an
 * IPv6 connection's `realAddress` is its destination's, and :: here. The caller vouches for lengths.
 */
export function decodeConnectionRecord(
  bytes: Uint8Array,
  ends: Uint8Array,
): ConnectionRecord | undefined {
  const reader = new ByteReader(bytes, "host");
  const key = decodeConnectionKey(bytes, ends);
  reader.skip(16);
  const word = reader.u32();
  if ((word & wordBits.used) === 0 || (word & wordBits.dead) !== 0) return undefined;
  const expires = reader.u32();
  const destination = reader.u32();
  const generation = reader.u8();
  const prefix = reader.u8();
  reader.skip(2);
  const realAddress = readAddress4(reader);
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
    synced: (word & wordBits.synced) !== 0,
  };
}
