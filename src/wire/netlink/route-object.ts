// RTM_NEWROUTE, RTM_DELROUTE and their dumps for whole routes: `struct rtmsg` and RTA_*, rtnetlink(7).
// Interfaces are numbers here.

import { type Family, familyOf, type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  addressAttribute,
  addressFamily,
  decodeAttributes,
  encodeAttributes,
  encodeText,
  encodeU32,
  type NetlinkAttribute,
  type NetlinkAttributes,
  u32Attribute,
} from "./attribute.ts";
import { encodeEncapsulation, type RouteEncapsulation } from "./encapsulation.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  destination: 1,
  source: 2,
  outputInterface: 4,
  gateway: 5,
  priority: 6,
  preferredSource: 7,
  metrics: 8,
  multipath: 9,
  flow: 11,
  table: 15,
  via: 18,
  preference: 20,
  encapsulationType: 21,
  encapsulation: 22,
  expires: 23,
  ttlPropagate: 26,
} as const;
const metricLock = 1;
const onlinkFlag = 4;
const tableByteMax = 255;
const tableUnspecified = 0;

/** An address and how much of it counts. */
export interface RoutePrefix {
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/** Where packets go. */
export interface RouteHop {
  readonly gateway?: IpAddress;
  readonly interfaceIndex?: number;
  readonly onlink?: boolean;
  readonly realms?: number;
  readonly encapsulation?: RouteEncapsulation;
  /** 1..256. */
  readonly weight?: number;
}

/** A route as rtnetlink says it. */
export interface RouteObject extends RouteHop {
  readonly family: Family;
  /** RTN_*. */
  readonly type: number;
  readonly destination?: RoutePrefix;
  readonly from?: RoutePrefix;
  readonly tos: number;
  readonly table: number;
  readonly protocol: number;
  readonly scope: number;
  readonly metric?: number;
  readonly preferredSource?: IpAddress;
  readonly preference?: number;
  readonly expiresS?: number;
  readonly metrics?: readonly { readonly type: number; readonly value: number | string }[];
  readonly lockedMetrics?: number;
  readonly ttlPropagate?: number;
  readonly nextHops?: readonly RouteHop[];
}

/** The payload of a request to add or remove a route. */
export function encodeRouteObject(route: RouteObject): Uint8Array {
  const { family, destination, from, table } = route;
  const attributes: NetlinkAttribute[] = [];
  const add = (type: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) attributes.push({ type, value });
  };
  add(attribute.destination, destination && ipAddressBytes(destination.address));
  add(attribute.source, from && ipAddressBytes(from.address));
  add(attribute.table, table > tableByteMax ? encodeU32(table) : undefined);
  add(attribute.priority, optional(route.metric));
  add(attribute.preferredSource, route.preferredSource && ipAddressBytes(route.preferredSource));
  attributes.push(...hopAttributes(route, family));
  if (route.interfaceIndex !== undefined)
    add(attribute.outputInterface, encodeU32(route.interfaceIndex));
  add(attribute.metrics, metricsOf(route));
  add(attribute.multipath, route.nextHops && multipathOf(route.nextHops, family));
  if (route.preference !== undefined) add(attribute.preference, Uint8Array.of(route.preference));
  add(attribute.expires, optional(route.expiresS));
  if (route.ttlPropagate !== undefined)
    add(attribute.ttlPropagate, Uint8Array.of(route.ttlPropagate));
  const tail = encodeAttributes(attributes);
  return new ByteWriter(12 + tail.length, "host")
    .u8(family === 4 ? addressFamily.inet : addressFamily.inet6)
    .u8(destination?.prefixLength ?? 0)
    .u8(from?.prefixLength ?? 0)
    .u8(route.tos)
    .u8(table > tableByteMax ? tableUnspecified : table)
    .u8(route.protocol)
    .u8(route.scope)
    .u8(route.type)
    .u32(route.onlink === true ? onlinkFlag : 0)
    .bytes(tail)
    .finish();
}

/** The payload of a request for the routes of a protocol (with strict checking of the kernel). */
export function encodeRouteDump(family: Family, protocol: number): Uint8Array {
  return new ByteWriter(12, "host")
    .u8(family === 4 ? addressFamily.inet : addressFamily.inet6)
    .zeros(4)
    .u8(protocol)
    .zeros(6)
    .finish();
}

/** The protocol of a route in a notification; 0 when it is cut short. */
export function routeProtocolOf(payload: Uint8Array): number {
  return payload[5] ?? 0;
}

/** Reads a route of a dump; undefined for a family other than IP. Metrics are passed over. */
export function decodeRouteObject(
  payload: Uint8Array,
): Result<RouteObject | undefined, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const kernelFamily = reader.u8();
  const destinationLength = reader.u8();
  const sourceLength = reader.u8();
  const tos = reader.u8();
  const tableByte = reader.u8();
  const protocol = reader.u8();
  const scope = reader.u8();
  const type = reader.u8();
  const flags = reader.u32();
  if (reader.overrun) return fail({ kind: "truncated", text: "route" });
  if (kernelFamily !== addressFamily.inet && kernelFamily !== addressFamily.inet6)
    return ok(undefined);
  const decoded = decodeAttributes(reader.bytes(reader.left));
  if (!decoded.ok) return decoded;
  const attributes = decoded.value;
  const family = kernelFamily === addressFamily.inet ? 4 : 6;
  const nextHops = decodeMultipath(attributes.get(attribute.multipath), family);
  if (nextHops === undefined) return fail({ kind: "truncated", text: "next hops of a route" });
  const destination = prefixOf(attributes, attribute.destination, destinationLength);
  const from = prefixOf(attributes, attribute.source, sourceLength);
  const metric = u32Attribute(attributes, attribute.priority);
  const preferredSource = addressAttribute(attributes, attribute.preferredSource);
  return ok({
    family,
    type,
    tos,
    table: u32Attribute(attributes, attribute.table) ?? tableByte,
    protocol,
    scope,
    ...(destination === undefined ? {} : { destination }),
    ...(from === undefined ? {} : { from }),
    ...(metric === undefined ? {} : { metric }),
    ...(preferredSource === undefined ? {} : { preferredSource }),
    ...decodeHop(attributes, flags, family),
    ...(nextHops.length === 0 ? {} : { nextHops }),
  });
}

function optional(value: number | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : encodeU32(value);
}

/** What a route and a next hop of several have alike. */
function hopAttributes(hop: RouteHop, family: Family): readonly NetlinkAttribute[] {
  const attributes: NetlinkAttribute[] = [];
  const { gateway, realms, encapsulation } = hop;
  if (encapsulation !== undefined) {
    const { type, value } = encodeEncapsulation(encapsulation);
    const typeBytes = new ByteWriter(2, "host").u16(type).finish();
    attributes.push(
      { type: attribute.encapsulation, value },
      { type: attribute.encapsulationType, value: typeBytes },
    );
  }
  if (gateway !== undefined && familyOf(gateway) === family)
    attributes.push({ type: attribute.gateway, value: ipAddressBytes(gateway) });
  else if (gateway !== undefined)
    attributes.push({ type: attribute.via, value: encodeVia(gateway) });
  if (realms !== undefined) attributes.push({ type: attribute.flow, value: encodeU32(realms) });
  return attributes;
}

/** `struct rtvia`: a family of 2 bytes, then the address. */
function encodeVia(gateway: IpAddress): Uint8Array {
  const bytes = ipAddressBytes(gateway);
  return new ByteWriter(2 + bytes.length, "host")
    .u16(familyOf(gateway) === 4 ? addressFamily.inet : addressFamily.inet6)
    .bytes(bytes)
    .finish();
}

function metricsOf({ metrics = [], lockedMetrics }: RouteObject): Uint8Array | undefined {
  if (metrics.length === 0) return undefined;
  return encodeAttributes([
    ...(lockedMetrics === undefined ? [] : [{ type: metricLock, value: encodeU32(lockedMetrics) }]),
    ...metrics.map(({ type, value }) => ({
      type,
      value: typeof value === "string" ? encodeText(value) : encodeU32(value),
    })),
  ]);
}

/** `struct rtnexthop` with its attributes, one after the other. */
function multipathOf(hops: readonly RouteHop[], family: Family): Uint8Array {
  const parts = hops.map((hop) => {
    const tail = encodeAttributes(hopAttributes(hop, family));
    return new ByteWriter(8 + tail.length, "host")
      .u16(8 + tail.length)
      .u8(hop.onlink === true ? onlinkFlag : 0)
      .u8((hop.weight ?? 1) - 1)
      .u32(hop.interfaceIndex ?? 0)
      .bytes(tail)
      .finish();
  });
  const whole = new ByteWriter(parts.reduce((sum, part) => sum + part.length, 0));
  for (const part of parts) whole.bytes(part);
  return whole.finish();
}

function decodeHop(attributes: NetlinkAttributes, flags: number, family: Family): RouteHop {
  const via = attributes.get(attribute.via)?.subarray(2);
  const other = via === undefined ? undefined : new Map([[attribute.via, via]]);
  const gateway =
    addressAttribute(attributes, attribute.gateway) ??
    (other === undefined ? undefined : addressAttribute(other, attribute.via));
  const index = u32Attribute(attributes, attribute.outputInterface);
  const realms = family === 4 ? u32Attribute(attributes, attribute.flow) : undefined;
  return {
    ...(gateway === undefined ? {} : { gateway }),
    ...(index === undefined ? {} : { interfaceIndex: index }),
    ...((flags & onlinkFlag) === 0 ? {} : { onlink: true }),
    ...(realms === undefined ? {} : { realms }),
  };
}

function decodeMultipath(
  value: Uint8Array | undefined,
  family: Family,
): readonly RouteHop[] | undefined {
  const hops: RouteHop[] = [];
  const reader = new ByteReader(value ?? new Uint8Array(0), "host");
  while (reader.left > 0) {
    const length = reader.u16();
    const flags = reader.u8();
    const weight = reader.u8() + 1;
    const interfaceIndex = reader.u32();
    const attributes = decodeAttributes(reader.bytes(Math.max(length - 8, 0)));
    if (reader.overrun || length < 8 || !attributes.ok) return undefined;
    hops.push({ ...decodeHop(attributes.value, flags, family), interfaceIndex, weight });
    reader.skip(Math.min(-length & 3, reader.left));
  }
  return hops;
}

function prefixOf(
  attributes: NetlinkAttributes,
  type: number,
  prefixLength: number,
): RoutePrefix | undefined {
  const address = addressAttribute(attributes, type);
  return address === undefined ? undefined : { address, prefixLength };
}
