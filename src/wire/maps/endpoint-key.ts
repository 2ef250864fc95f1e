// Keys of `services` and `reals`: struct endpoint_key.

import { type Family, familyOf, type IpAddress, ipv4FromNumber } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { familyFromByte, readAddress, readPort, writeAddress, writePort } from "./fields.ts";

/**
 * An endpoint of TCP (6), UDP (17) or SCTP (132). Port 0: any port. Protocol 0 is a firewall mark, whose
 * 32 bits are written as an IPv4 address, whatever the family that it is for.
 */
export interface EndpointKey {
  readonly address: IpAddress;
  readonly port: number;
  readonly protocol: number;
  /** Of a firewall mark; that of the address when absent. */
  readonly family?: Family;
}

/** The endpoint of a firewall mark, 1..2^32-1. */
export function markEndpoint(mark: number, family: Family): EndpointKey {
  return { address: ipv4FromNumber(mark), port: 0, protocol: 0, family };
}

/** The family of the packets that an endpoint takes. */
export function familyOfEndpoint(key: EndpointKey): Family {
  return key.family ?? familyOf(key.address);
}

export function encodeEndpointKey(key: EndpointKey): Uint8Array {
  const writer = new ByteWriter(20, "host");
  writeAddress(writer, key.address);
  writePort(writer, key.port);
  return writer.u8(key.protocol).u8(familyOfEndpoint(key)).finish();
}

/** The caller vouches for the length. */
export function decodeEndpointKey(bytes: Uint8Array): EndpointKey {
  const reader = new ByteReader(bytes, "host");
  const protocol = bytes[18] ?? 0;
  const family = familyFromByte(bytes[19] ?? 0);
  const address = readAddress(reader, protocol === 0 ? 4 : family);
  const port = readPort(reader);
  return { address, port, protocol, ...(protocol === 0 && { family }) };
}

/** A text that is equal exactly when the endpoints are. */
export function endpointText(key: EndpointKey): string {
  const family = key.protocol === 0 ? `mark${familyOfEndpoint(key)}` : `${key.protocol}`;
  return `${family} ${key.address}:${key.port}`;
}
