// Fields that several map records share. Addresses and ports are in network order inside records
// whose other numbers are in the machine's.

import { type IpAddress, ipAddressBytes, ipAddressFromBytes } from "../../base/address.ts";
import type { ByteReader, ByteWriter } from "../../base/bytes.ts";

/** Writes an IPv4 address; the caller vouches for the family. */
export function writeAddress(writer: ByteWriter, address: IpAddress): void {
  writer.bytes(ipAddressBytes(address));
}

/** Reads an IPv4 address. */
export function readAddress(reader: ByteReader): IpAddress {
  return ipAddressFromBytes(reader.bytes(4));
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
