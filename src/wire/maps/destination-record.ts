// Values of `destinations`: struct destination, with the frame addresses of its next hop.

import type { IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { readAddress, readPort, writeAddress, writePort } from "./fields.ts";
import { mapShapes } from "./schema.ts";

export const destinationFlags = {
  used: 1,
  /** In a service; a used one that is not waits for its last connection. */
  available: 2,
  /** An address of this host. */
  local: 4,
  /** Another service has the same NAT real server. */
  shared: 8,
  /** The second of the two hops is in force. */
  secondHop: 16,
} as const;

export const hopStatus = { none: 0, ready: 1, unresolved: 2, readyForTc: 3 } as const;

/** Where frames to a destination go. */
export interface NextHop {
  readonly ifindex: number;
  readonly gateway: IpAddress;
  readonly mtu: number;
  /** One of `hopStatus`. */
  readonly status: number;
  /** 6 bytes each. */
  readonly targetMac: Uint8Array;
  readonly sourceMac: Uint8Array;
}

export interface DestinationRecord {
  readonly flags: number;
  readonly method: number;
  readonly protocol: number;
  readonly generation: number;
  readonly address: IpAddress;
  readonly virtualAddress: IpAddress;
  readonly port: number;
  readonly virtualPort: number;
  /** A change goes to the hop that is not in force, then the flag is turned. */
  readonly hops: readonly [NextHop, NextHop];
}

/** No way there. */
export const noHop: NextHop = {
  ifindex: 0,
  gateway: "0.0.0.0" as IpAddress,
  mtu: 0,
  status: hopStatus.none,
  targetMac: new Uint8Array(6),
  sourceMac: new Uint8Array(6),
};

/** The hop that packets use. */
export function hopInForce(record: DestinationRecord): NextHop {
  return record.hops[(record.flags & destinationFlags.secondHop) !== 0 ? 1 : 0];
}

export function encodeDestinationRecord(record: DestinationRecord): Uint8Array {
  const writer = new ByteWriter(mapShapes.destinations.valueLength, "host");
  writer.u8(record.flags).u8(record.method).u8(record.protocol).u8(record.generation);
  writeAddress(writer, record.address);
  writeAddress(writer, record.virtualAddress);
  writePort(writer, record.port);
  writePort(writer, record.virtualPort);
  for (const hop of record.hops) {
    writer.u32(hop.ifindex);
    writeAddress(writer, hop.gateway);
    writer.u16(hop.mtu).u8(hop.status).u8(0).bytes(hop.targetMac).bytes(hop.sourceMac);
  }
  return writer.finish();
}

function readHop(reader: ByteReader): NextHop {
  const ifindex = reader.u32();
  const gateway = readAddress(reader);
  const mtu = reader.u16();
  const status = reader.u8();
  reader.skip(1);
  return {
    ifindex,
    gateway,
    mtu,
    status,
    targetMac: reader.bytes(6).slice(),
    sourceMac: reader.bytes(6).slice(),
  };
}

/** The caller vouches for the length. */
export function decodeDestinationRecord(bytes: Uint8Array): DestinationRecord {
  const reader = new ByteReader(bytes, "host");
  return {
    flags: reader.u8(),
    method: reader.u8(),
    protocol: reader.u8(),
    generation: reader.u8(),
    address: readAddress(reader),
    virtualAddress: readAddress(reader),
    port: readPort(reader),
    virtualPort: readPort(reader),
    hops: [readHop(reader), readHop(reader)],
  };
}
