// Keys of `services` and `reals`: struct endpoint_key.

import type { IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { readAddress, readPort, writeAddress, writePort } from "./fields.ts";

/** An IPv4 endpoint of TCP (6) or UDP (17). Port 0: any port. */
export interface EndpointKey {
  readonly address: IpAddress;
  readonly port: number;
  readonly protocol: number;
}

export function encodeEndpointKey(key: EndpointKey): Uint8Array {
  const writer = new ByteWriter(8, "host");
  writeAddress(writer, key.address);
  writePort(writer, key.port);
  return writer.u8(key.protocol).u8(0).finish();
}

/** The caller vouches for the length. */
export function decodeEndpointKey(bytes: Uint8Array): EndpointKey {
  const reader = new ByteReader(bytes, "host");
  return { address: readAddress(reader), port: readPort(reader), protocol: reader.u8() };
}

/** A text that is equal exactly when the endpoints are. */
export function endpointText(key: EndpointKey): string {
  return `${key.protocol} ${key.address}:${key.port}`;
}
