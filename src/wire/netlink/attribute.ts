// Netlink attributes: a length of 2 bytes (itself included), a type of 2 bytes, a value, padding to
// 4. An attribute may hold attributes in its turn.

import { type IpAddress, ipAddressFromBytes } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { type NetlinkFault, netlinkAlign } from "./message.ts";

const headerLength = 4;
/** NLA_F_NESTED and NLA_F_NET_BYTEORDER are not part of the type. */
const typeMask = 0x3fff;

/** Address families as the kernel numbers them. */
export const addressFamily = { any: 0, inet: 2, inet6: 10 } as const;

/** An attribute to be written. */
export interface NetlinkAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** Attributes that were read: values by type; of a repeated type, the last. */
export type NetlinkAttributes = ReadonlyMap<number, Uint8Array>;

/** Bytes of attributes one after the other, each padded. */
export function encodeAttributes(attributes: readonly NetlinkAttribute[]): Uint8Array {
  let total = 0;
  for (const { value } of attributes) total += netlinkAlign(headerLength + value.length);
  const writer = new ByteWriter(total, "host");
  for (const { type, value } of attributes) {
    const length = headerLength + value.length;
    writer.u16(length).u16(type).bytes(value);
    writer.zeros(netlinkAlign(length) - length);
  }
  return writer.finish();
}

/** Reads attributes up to the end of `bytes`; the values are views of it. */
export function decodeAttributes(bytes: Uint8Array): Result<NetlinkAttributes, NetlinkFault> {
  const attributes = new Map<number, Uint8Array>();
  const reader = new ByteReader(bytes, "host");
  while (reader.left > 0) {
    const length = reader.u16();
    const type = reader.u16();
    const value = reader.bytes(Math.max(length - headerLength, 0));
    if (reader.overrun || length < headerLength)
      return fail({ kind: "truncated", text: `attribute of ${length} bytes` });
    attributes.set(type & typeMask, value);
    reader.skip(Math.min(netlinkAlign(length) - length, reader.left));
  }
  return ok(attributes);
}

/** The value of a 32-bit attribute. */
export function encodeU32(value: number): Uint8Array {
  return new ByteWriter(4, "host").u32(value).finish();
}

/** A text attribute, with the NUL that the kernel wants at its end. Labels and names are ASCII. */
export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i) & 0x7f;
  return bytes;
}

/** A 32-bit attribute; undefined when absent or too short. */
export function u32Attribute(attributes: NetlinkAttributes, type: number): number | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 4 ? undefined : new ByteReader(value, "host").u32();
}

/** A text attribute up to its NUL; undefined when absent. */
export function textAttribute(attributes: NetlinkAttributes, type: number): string | undefined {
  const value = attributes.get(type);
  if (value === undefined) return undefined;
  let text = "";
  for (const byte of value) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** An address of 4 or 16 bytes; undefined when absent or of another length. */
export function addressAttribute(
  attributes: NetlinkAttributes,
  type: number,
): IpAddress | undefined {
  const value = attributes.get(type);
  if (value === undefined || (value.length !== 4 && value.length !== 16)) return undefined;
  return ipAddressFromBytes(value);
}
