// Values of `destinations`: struct destination, with the frame addresses of its next hop.

import { type Family, familyOf, type IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { familyFromByte, readAddress, readPort, writeAddress, writePort } from "./fields.ts";
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
  /** Of its service's packets; that of `virtualAddress` when absent. */
  readonly virtualFamily?: Family;
  readonly port: number;
  readonly virtualPort: number;
  /** Of its service, see ServiceRecord; none when absent. */
  readonly persistenceGroup?: number;
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
  writer.u8(familyOf(record.address));
  writer.u8(record.virtualFamily ?? familyOf(record.virtualAddress)).zeros(2);
  writePort(writer, record.port);
  writePort(writer, record.virtualPort);
  for (const hop of record.hops) {
    writer.u32(hop.ifindex).u16(hop.mtu).u8(hop.status).u8(familyOf(hop.gateway));
    writer.bytes(hop.targetMac).bytes(hop.sourceMac);
  }
  writer.u32(record.persistenceGroup ?? 0).zeros(8);
  writeAddress(writer, record.address);
  writeAddress(writer, record.virtualAddress);
  for (const hop of record.hops) writeAddress(writer, hop.gateway);
  return writer.finish();
}

/** A hop without its gateway, which stands apart. */
function readHop(reader: ByteReader): Omit<NextHop, "gateway"> & { readonly family: Family } {
  return {
    ifindex: reader.u32(),
    mtu: reader.u16(),
    status: reader.u8(),
    family: familyFromByte(reader.u8()),
    targetMac: reader.bytes(6).slice(),
    sourceMac: reader.bytes(6).slice(),
  };
}

/** The caller vouches for the length. */
export function decodeDestinationRecord(bytes: Uint8Array): DestinationRecord {
  const reader = new ByteReader(bytes, "host");
  const common = {
    flags: reader.u8(),
    method: reader.u8(),
    protocol: reader.u8(),
    generation: reader.u8(),
  };
  const family = familyFromByte(reader.u8());
  const virtualFamily = familyFromByte(reader.u8());
  reader.skip(2);
  const ports = { port: readPort(reader), virtualPort: readPort(reader) };
  const hops = [readHop(reader), readHop(reader)] as const;
  const persistenceGroup = reader.u32();
  reader.skip(8);
  const address = readAddress(reader, family);
  const isMark = common.protocol === 0;
  const virtualAddress = readAddress(reader, isMark ? 4 : virtualFamily);
  const [{ family: first, ...firstHop }, { family: second, ...secondHop }] = hops;
  return {
    ...common,
    address,
    virtualAddress,
    ...(isMark && { virtualFamily }),
    ...ports,
    ...(persistenceGroup !== 0 && { persistenceGroup }),
    hops: [
      { ...firstHop, gateway: readAddress(reader, first) },
      { ...secondHop, gateway: readAddress(reader, second) },
    ],
  };
}
