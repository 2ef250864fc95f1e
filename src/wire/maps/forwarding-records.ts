// Values of `tunnels` and `sources`: how packets to TUN destinations are wrapped, and who stands for the
// clients of FULLNAT destinations.

import type { Family, IpAddress } from "../../base/address.ts";
import { assert } from "../../base/assert.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { readAddress, readPort, writeAddress, writePort } from "./fields.ts";
import { mapShapes } from "./schema.ts";

const tunnelTypes = ["ipip", "gue", "gre"] as const;
const tells = ["nothing", "tcp-option", "proxy-protocol"] as const;

/** Source addresses of one destination at most: SOURCES_MAX. */
export const sourcesMax = 8;

/** How a tunnel wraps packets; the model's words. */
export interface TunnelShape {
  readonly type: (typeof tunnelTypes)[number];
  /** Of GUE. */
  readonly port?: number;
  readonly checksum: "none" | "full" | "remote";
}

/** A tunnel, in the family of its destination's address: struct tunnel. */
export interface TunnelRecord {
  readonly settings: TunnelShape;
  /** Of the outer packet. */
  readonly source: IpAddress;
  /** The eBPF program writes it: bytes of the outer packet that a router on the way lets through; 0: unknown. */
  readonly pathMtu: number;
  /** Coarse clock. */
  readonly pathMtuUntil: number;
}

export function encodeTunnelRecord(record: TunnelRecord): Uint8Array {
  const { type, port = 0, checksum } = record.settings;
  const writer = new ByteWriter(mapShapes.tunnels.valueLength, "host");
  writer.u8(tunnelTypes.indexOf(type)).u8(checksum === "none" ? 0 : 1);
  writePort(writer, port);
  writer.u16(record.pathMtu).u8(checksum === "remote" ? 1 : 0);
  writer.u8(0).u32(record.pathMtuUntil).u32(0);
  writeAddress(writer, record.source);
  return writer.finish();
}

/** The caller vouches for the length. */
export function decodeTunnelRecord(bytes: Uint8Array, family: Family): TunnelRecord {
  const reader = new ByteReader(bytes, "host");
  const type = tunnelTypes[reader.u8()] ?? "ipip";
  const checksummed = reader.u8() !== 0;
  const port = readPort(reader);
  const pathMtu = reader.u16();
  const remote = reader.u8() !== 0;
  reader.skip(1);
  const pathMtuUntil = reader.u32();
  reader.skip(4);
  const checksum = remote ? "remote" : checksummed ? "full" : "none";
  const settings = { type, ...(port === 0 ? {} : { port }), checksum } as const;
  return { settings, source: readAddress(reader, family), pathMtu, pathMtuUntil };
}

/** The director's ends of FULLNAT connections: struct sources. */
export interface SourcesRecord {
  readonly tellsClient: (typeof tells)[number];
  /** The one address is what the route prefers, and moves with it. */
  readonly automatic: boolean;
  readonly firstPort: number;
  /** Ports from there on. */
  readonly ports: number;
  /** At most `sourcesMax`. */
  readonly addresses: readonly IpAddress[];
}

export function encodeSourcesRecord(record: SourcesRecord): Uint8Array {
  assert(record.addresses.length <= sourcesMax, "a destination has room for its sources");
  const writer = new ByteWriter(mapShapes.sources.valueLength, "host");
  writer.u8(record.addresses.length).u8(tells.indexOf(record.tellsClient));
  writer.u8(record.automatic ? 1 : 0).u8(0);
  writer.u16(record.firstPort).u16(record.ports);
  for (const address of record.addresses) writeAddress(writer, address);
  return writer.zeros((sourcesMax - record.addresses.length) * 16).finish();
}

/** The caller vouches for the length. */
export function decodeSourcesRecord(bytes: Uint8Array, family: Family): SourcesRecord {
  const reader = new ByteReader(bytes, "host");
  const count = Math.min(reader.u8(), sourcesMax);
  const tellsClient = tells[reader.u8()] ?? "nothing";
  const automatic = reader.u8() !== 0;
  reader.skip(1);
  const firstPort = reader.u16();
  const ports = reader.u16();
  const addresses: IpAddress[] = [];
  for (let i = 0; i < count; i++) addresses.push(readAddress(reader, family));
  return { tellsClient, automatic, firstPort, ports, addresses };
}
