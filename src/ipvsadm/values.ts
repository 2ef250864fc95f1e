// The arguments of ipvsadm's options, read as the C library reads them.

import {
  type IpAddress,
  ipAddressFromBytes,
  ipv4FromNumber,
  parseIpAddress,
} from "../base/address.ts";
import type { TransportProtocol } from "../model/virtual-server.ts";

/** What the machine knows by name. */
export interface NameBook {
  /** The first IPv4 address of a host; undefined when there is none. */
  readonly hostAddress: (name: string) => IpAddress | undefined;
  /** The port of a service. */
  readonly servicePort: (name: string, protocol: TransportProtocol) => number | undefined;
}

/** A decimal number in a range, with blanks and a sign in front of it as strtol takes them. */
export function readNumber(
  text: string,
  [min, max]: readonly [number, number],
): number | undefined {
  if (!/^[ \t\n\v\f\r]*[+-]?[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value + 0 : undefined;
}

/** As atoi: what stands behind the digits does not count, and no digits are 0. */
export function readLeadingNumber(text: string): number {
  return Number(/^\s*([+-]?\d+)/.exec(text)?.[1] ?? 0);
}

/** As inet_aton: one to four parts, the last fills what is left; octal and hexadecimal too. */
export function readLooseIpv4(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const numbers = parts.map((part) => {
    if (/^0[xX][0-9a-fA-F]+$/.test(part)) return Number.parseInt(part.slice(2), 16);
    if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8);
    return /^[1-9]\d*$/.test(part) ? Number(part) : Number.NaN;
  });
  const last = numbers.pop() ?? Number.NaN;
  const rest = 256 ** (4 - numbers.length);
  if (!numbers.every((value) => value < 256) || !(last < rest)) return undefined;
  return numbers.reduce((sum, value, i) => sum + value * 256 ** (3 - i), 0) + last;
}

/** A host with or without a port. */
export interface Endpoint {
  readonly address: IpAddress;
  /** Absent: none was given. */
  readonly port?: number;
}

/** `host[:port]`, `[v6]:port` or a bare IPv6 address; undefined when it is none of them. */
export function readEndpoint(
  text: string,
  protocol: TransportProtocol | undefined,
  names: NameBook,
): Endpoint | undefined {
  if (text === "" || /^\d+$/.test(text)) return undefined;
  const [host, portOfBracket] = withoutBrackets(text) ?? [];
  if (host === undefined) return undefined;
  const v6 = host.includes(":") ? parseIpAddress(host) : undefined;
  if (v6?.ok === true) return withPort(v6.value, portOfBracket, protocol, names);
  const colon = host.lastIndexOf(":");
  const name = colon < 0 ? host : host.slice(0, colon);
  const number = readLooseIpv4(name);
  const address = number === undefined ? names.hostAddress(name) : ipv4FromNumber(number);
  if (address === undefined) return undefined;
  return withPort(address, colon < 0 ? undefined : host.slice(colon + 1), protocol, names);
}

/** The host, and the port where it stood in brackets; undefined where a bracket is not followed by `:`. */
function withoutBrackets(text: string): readonly [string, string?] | undefined {
  if (!text.startsWith("[")) return [text];
  const end = text.indexOf("]");
  if (end < 0 || text[end + 1] !== ":") return undefined;
  return [text.slice(1, end), text.slice(end + 2)];
}

function withPort(
  address: IpAddress,
  text: string | undefined,
  protocol: TransportProtocol | undefined,
  names: NameBook,
): Endpoint | undefined {
  if (text === undefined) return { address };
  const named = protocol === undefined ? undefined : names.servicePort(text, protocol);
  const port = readNumber(text, [0, 65_535]) ?? named;
  return port === undefined ? undefined : { address, port };
}

/** A mask of IPv4 as its 32 bits; a name of a host is one too. */
export function readMask(text: string, names: NameBook): number | undefined {
  const number = readLooseIpv4(text);
  if (number !== undefined) return number;
  const address = text === "" ? undefined : names.hostAddress(text);
  return address === undefined ? undefined : (readLooseIpv4(address) ?? undefined);
}

/** The length of a mask without holes; undefined for others. */
export function lengthOfMask(bits: number): number | undefined {
  const length = Math.clz32(~bits >>> 0);
  const whole = length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
  return whole === bits >>> 0 ? length : undefined;
}

/** True for 224.0.0.0/4 and ff00::/8. */
export function isMulticast(address: IpAddress): boolean {
  if (address.includes(":")) return address.startsWith("ff");
  const first = Number(address.split(".", 1)[0]);
  return first >= 224 && first < 240;
}

/** The IPv4 address of a text with four parts, or an IPv6 address. */
export function readGroup(text: string): IpAddress | undefined {
  const parsed = parseIpAddress(text);
  return parsed.ok ? parsed.value : undefined;
}

/** 0.0.0.0 or ::. */
export function isUnspecified(address: IpAddress): boolean {
  return address === "0.0.0.0" || address === ipAddressFromBytes(new Uint8Array(16));
}
