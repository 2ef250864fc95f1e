// What is common to the messages of the generic family IPVS: its commands, its containers, and small attributes
// [linux/ip_vs.h].

import {
  type Family,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  addressFamily,
  decodeAttributes,
  encodeAttributes,
  type NetlinkAttribute,
  type NetlinkAttributes,
} from "./attribute.ts";
import { decodeGenericMessage, encodeGenericMessage } from "./generic-message.ts";
import type { NetlinkFault } from "./message.ts";

/** The name by which the family is asked for. */
export const ipvsFamilyName = "IPVS";
const ipvsVersion = 1;
const nested = 0x8000;

/** IPVS_CMD_*. */
export const ipvsCommand = {
  newService: 1,
  setService: 2,
  deleteService: 3,
  getService: 4,
  newDestination: 5,
  setDestination: 6,
  deleteDestination: 7,
  getDestination: 8,
  newDaemon: 9,
  deleteDaemon: 10,
  getDaemon: 11,
  setConfig: 12,
  getConfig: 13,
  getInformation: 15,
  zero: 16,
  flush: 17,
} as const;

/** IPVS_CMD_ATTR_*: what a message holds. */
export const ipvsContainer = {
  service: 1,
  destination: 2,
  daemon: 3,
  timeoutTcp: 4,
  timeoutTcpFin: 5,
  timeoutUdp: 6,
} as const;

/** A container and what is in it. */
export function nestedAttribute(
  type: number,
  attributes: readonly NetlinkAttribute[],
): NetlinkAttribute {
  return { type: type | nested, value: encodeAttributes(attributes) };
}

/** The payload of a request to the family. */
export function encodeIpvsRequest(
  command: number,
  attributes: readonly NetlinkAttribute[] = [],
): Uint8Array {
  return encodeGenericMessage(command, ipvsVersion, attributes);
}

/** What is in the container of an answer; undefined when the answer has no such container. */
export function decodeIpvsContainer(
  payload: Uint8Array,
  container: number,
): Result<NetlinkAttributes | undefined, NetlinkFault> {
  const message = decodeGenericMessage(payload);
  if (!message.ok) return message;
  const value = message.value.attributes.get(container);
  return value === undefined ? ok(undefined) : decodeAttributes(value);
}

/** An 8-bit attribute. */
export function encodeU8(value: number): Uint8Array {
  return new ByteWriter(1).u8(value).finish();
}

/** A 16-bit attribute in host order. */
export function encodeU16(value: number): Uint8Array {
  return new ByteWriter(2, "host").u16(value).finish();
}

/** A port, in network order. */
export function encodePort(value: number): Uint8Array {
  return new ByteWriter(2, "network").u16(value).finish();
}

/** An address in 16 bytes; one of IPv4 in the first four. */
export function encodeWideAddress(address: IpAddress): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(ipAddressBytes(address));
  return bytes;
}

/** AF_INET or AF_INET6. */
export function encodeFamily(family: Family): Uint8Array {
  return encodeU16(family === 4 ? addressFamily.inet : addressFamily.inet6);
}

/** A fault for an object that lacks what the kernel always tells. */
export function incomplete(what: string): Result<never, NetlinkFault> {
  return fail({ kind: "truncated", text: `${what} without all its attributes` });
}

/** An 8-bit attribute; undefined when absent or empty. */
export function u8Attribute(attributes: NetlinkAttributes, type: number): number | undefined {
  return attributes.get(type)?.[0];
}

/** A 16-bit attribute; undefined when absent or too short. */
export function u16Attribute(
  attributes: NetlinkAttributes,
  type: number,
  order: "host" | "network" = "host",
): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 2 ? undefined : new ByteReader(value, order).u16();
}

/** The family that an attribute names; undefined when absent or of no use here. */
export function familyAttribute(attributes: NetlinkAttributes, type: number): Family | undefined {
  const number = u16Attribute(attributes, type);
  if (number === addressFamily.inet) return 4;
  return number === addressFamily.inet6 ? 6 : undefined;
}

/** An address in 16 bytes of which IPv4 uses four: what is behind those is of no meaning. */
export function wideAddressAttribute(
  attributes: NetlinkAttributes,
  type: number,
  family: Family,
): IpAddress | undefined {
  const length = family === 4 ? 4 : 16;
  const value = attributes.get(type);
  if (value === undefined || value.length < length) return undefined;
  return ipAddressFromBytes(value.subarray(0, length));
}
