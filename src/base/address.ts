// IP addresses as canonical text (RFC 5952 for IPv6) and as bytes. Canonical text makes equality,
// map keys, logs and JSON the same thing; the hot paths convert once to numbers.

import { fail, ok, type Result } from "./result.ts";

/** Canonical text of an IPv4 or IPv6 address. Made by `parseIpAddress` or `ipAddressFromBytes`. */
export type IpAddress = string & { readonly __ipAddress: true };

/** 4 for IPv4, 6 for IPv6. */
export type Family = 4 | 6;

/** An address with the length of its prefix (0..32 or 0..128). */
export interface IpPrefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** Why a text is no address. */
export interface AddressFault {
  readonly kind: "not-an-address";
  readonly text: string;
}

/** Reads an IPv4 dotted quad or an IPv6 address; refuses leading zeros, zones and short forms. */
export function parseIpAddress(text: string): Result<IpAddress, AddressFault> {
  if (isIpv4(text)) return ok(text as IpAddress);
  const bytes = text.includes(":") ? ipv6Bytes(text) : undefined;
  if (bytes === undefined) return fail({ kind: "not-an-address", text });
  return ok(ipAddressFromBytes(bytes));
}

/** True for a dotted quad without leading zeros, which is canonical as it stands. */
function isIpv4(text: string): boolean {
  let parts = 1;
  let digits = 0;
  let value = 0;
  if (text.length > 15) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (digits === 0) return false;
      parts++;
      digits = 0;
      value = 0;
      continue;
    }
    if (code < 48 || code > 57 || (digits === 1 && value === 0)) return false;
    value = value * 10 + code - 48;
    digits++;
    if (value > 255) return false;
  }
  return parts === 4 && digits > 0;
}

/** The family of a canonical address. */
export function familyOf(address: IpAddress): Family {
  return address.includes(":") ? 6 : 4;
}

/** The 4 or 16 bytes of a canonical address, in network order. */
export function ipAddressBytes(address: IpAddress): Uint8Array {
  const bytes = address.includes(":") ? ipv6Bytes(address) : ipv4Bytes(address);
  return bytes ?? new Uint8Array(0);
}

/** Canonical text of 4 or 16 bytes in network order. */
export function ipAddressFromBytes(bytes: Uint8Array): IpAddress {
  if (bytes.length === 4) return bytes.join(".") as IpAddress;
  return ipv6Text(bytes) as IpAddress;
}

/** An IPv4 address as an unsigned 32-bit number, most significant byte first. */
export function ipv4Number(address: IpAddress): number {
  const [a = 0, b = 0, c = 0, d = 0] = ipAddressBytes(address);
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

/** The IPv4 address of an unsigned 32-bit number. */
export function ipv4FromNumber(value: number): IpAddress {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as IpAddress;
}

/** The address that follows, in network order; the highest one is followed by the lowest. */
export function nextAddress(address: IpAddress): IpAddress {
  const bytes = ipAddressBytes(address);
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = ((bytes[i] ?? 0) + 1) & 255;
    bytes[i] = byte;
    if (byte !== 0) break;
  }
  return ipAddressFromBytes(bytes);
}

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b` in network order; IPv4 comes first. */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  if (a === b) return 0;
  const left = ipAddressBytes(a);
  const right = ipAddressBytes(b);
  if (left.length !== right.length) return left.length - right.length;
  for (let i = 0; i < left.length; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function ipv4Bytes(text: string): Uint8Array | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined;
    const value = Number(part);
    if (value > 255) return undefined;
    bytes[i] = value;
  }
  return bytes;
}

function ipv6Bytes(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = ipv6Groups(halves[0] ?? "");
  const tail = halves.length === 2 ? ipv6Groups(halves[1] ?? "") : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  const bytes = new Uint8Array(16);
  for (const [i, group] of groups.entries()) {
    bytes[2 * i] = group >> 8;
    bytes[2 * i + 1] = group & 255;
  }
  return bytes;
}

function ipv6Groups(text: string): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const last = parts[parts.length - 1] ?? "";
  const groups: number[] = [];
  if (last.includes(".")) {
    const quad = ipv4Bytes(last);
    if (quad === undefined) return undefined;
    parts.pop();
    groups.push(((quad[0] ?? 0) << 8) | (quad[1] ?? 0), ((quad[2] ?? 0) << 8) | (quad[3] ?? 0));
  }
  const leading: number[] = [];
  for (const part of parts) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
    leading.push(Number.parseInt(part, 16));
  }
  return [...leading, ...groups];
}

function ipv6Text(bytes: Uint8Array): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  let bestAt = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; ) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      bestAt = i;
      bestLength = length;
    }
    i += length > 0 ? length : 1;
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  if (bestAt < 0) return hex(0, 8);
  return `${hex(0, bestAt)}::${hex(bestAt + bestLength, 8)}`;
}
