// Fields that several map records share. Addresses and ports are in network order inside records
// whose other numbers are in the machine's.

import {
  type Family,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../../base/address.ts";
import type { ByteReader, ByteWriter } from "../../base/bytes.ts";

/** Writes a struct address, 16 bytes: IPv4 stands in the first four, the rest is zero. */
export function writeAddress(writer: ByteWriter, address: IpAddress): void {
  const bytes = ipAddressBytes(address);
  writer.bytes(bytes).zeros(16 - bytes.length);
}

/** Reads a struct address, of which the family stands elsewhere. */
export function readAddress(reader: ByteReader, family: Family): IpAddress {
  const bytes = reader.bytes(16);
  return ipAddressFromBytes(family === 6 ? bytes : bytes.subarray(0, 4));
}

/** Reads the 4 bytes of an IPv4 address alone. */
export function readAddress4(reader: ByteReader): IpAddress {
  return ipAddressFromBytes(reader.bytes(4));
}

/** The family that a byte tells; everything but 6 is IPv4. */
export function familyFromByte(byte: number): Family {
  return byte === 6 ? 6 : 4;
}

/** Writes a port, 0..65535. */
export function writePort(writer: ByteWriter, port: number): void {
  writer.u8(port >> 8).u8(port & 0xff);
}

/** Reads a port. */
export function readPort(reader: ByteReader): number {
  return (reader.u8() << 8) | reader.u8();
}

/** The key of an array map. */
export function encodeIndex(index: number): Uint8Array {
  const key = new Uint8Array(4);
  new DataView(key.buffer).setUint32(0, index, true);
  return key;
}
