// Values of SNMP (RFC 2578 section 7.1).

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import type { Oid } from "./oid.ts";

export type SnmpValue =
  | { readonly type: "integer"; readonly value: number }
  | { readonly type: "octets"; readonly value: Uint8Array }
  | { readonly type: "oid"; readonly value: Oid }
  /** Four bytes. */
  | { readonly type: "ip-address"; readonly value: Uint8Array }
  | { readonly type: "counter32" | "gauge32" | "timeticks"; readonly value: number }
  | { readonly type: "counter64"; readonly value: bigint };

/** A value and where it stands. */
export interface Varbind {
  readonly oid: Oid;
  readonly value: SnmpValue;
}

const encoder = new TextEncoder();
const counter32Modulus = 2 ** 32;
const gaugeMax = counter32Modulus - 1;
const counter64Mask = (1n << 64n) - 1n;

/** A signed number of 32 bits. */
export function integer(value: number): SnmpValue {
  return { type: "integer", value: Math.trunc(value) };
}

/** TruthValue of RFC 2579, and what KEEPALIVED-MIB calls enabled and disabled. */
export function truth(value: boolean): SnmpValue {
  return integer(value ? 1 : 2);
}

/** Text as UTF-8. */
export function octets(value: string | Uint8Array): SnmpValue {
  return { type: "octets", value: typeof value === "string" ? encoder.encode(value) : value };
}

/** Text, or nothing where there is none. */
export function octetsOrNothing(value: string | undefined): SnmpValue | undefined {
  return value === undefined ? undefined : octets(value);
}

/** An unsigned number; what is too large stays at the greatest. */
export function gauge(value: number): SnmpValue {
  return { type: "gauge32", value: Math.min(gaugeMax, Math.max(0, Math.trunc(value))) };
}

/** A counter, which begins again after 2^32-1. */
export function counter32(value: number): SnmpValue {
  return { type: "counter32", value: Math.trunc(value) % counter32Modulus };
}

/** A counter of 64 bits. */
export function counter64(value: number): SnmpValue {
  return { type: "counter64", value: BigInt(Math.trunc(value)) & counter64Mask };
}

/** Hundredths of a second. */
export function ticks(value: number): SnmpValue {
  return { type: "timeticks", value: Math.max(0, Math.trunc(value)) % counter32Modulus };
}

/** InetAddressType of RFC 4001: 1 for IPv4, 2 for IPv6. */
export function addressType(address: IpAddress): SnmpValue {
  return integer(address.includes(":") ? 2 : 1);
}

/** InetAddress of RFC 4001: 4 or 16 bytes. */
export function inetAddress(address: IpAddress): SnmpValue {
  return octets(ipAddressBytes(address));
}

/** IpAddress of RFC 2578. */
export function ipAddress(address: IpAddress): SnmpValue {
  return { type: "ip-address", value: ipAddressBytes(address) };
}
