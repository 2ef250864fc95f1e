// RTM_NEWRULE, RTM_DELRULE and their dumps: `struct fib_rule_hdr` and FRA_*, linux/fib_rules.h.

import { type Family, type IpAddress, ipAddressBytes } from "../../base/address.ts";
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
  textAttribute,
  u32Attribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  to: 1,
  from: 2,
  inputInterface: 3,
  goto: 4,
  priority: 6,
  mark: 10,
  flow: 11,
  tunnelId: 12,
  suppressGroup: 13,
  suppressPrefixLength: 14,
  table: 15,
  markMask: 16,
  outputInterface: 17,
  l3Device: 19,
  users: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  destinationPorts: 24,
} as const;
const invertFlag = 2;
const tableByteMax = 255;
const wholeMask = 0xffffffff;
const tableUnspecified = 0;
/** What the kernel tells for "does not suppress". */
const suppressNothing = 0xffffffff;

/** A routing rule as rtnetlink says it. */
export interface RuleObject {
  readonly family: Family;
  /** FR_ACT_*. */
  readonly action: number;
  readonly preference: number;
  readonly not?: boolean;
  readonly from?: { readonly address: IpAddress; readonly prefixLength: number };
  readonly to?: { readonly address: IpAddress; readonly prefixLength: number };
  readonly tos?: number;
  readonly table?: number;
  readonly inputInterface?: string;
  readonly outputInterface?: string;
  readonly mark?: number;
  readonly markMask?: number;
  readonly realms?: number;
  readonly tunnelId?: bigint;
  readonly suppressPrefixLength?: number;
  readonly suppressGroup?: number;
  readonly goto?: number;
  readonly l3Device?: boolean;
  readonly users?: { readonly from: number; readonly to: number };
  readonly protocol: number;
  readonly ipProtocol?: number;
  readonly sourcePorts?: { readonly from: number; readonly to: number };
  readonly destinationPorts?: { readonly from: number; readonly to: number };
}

/** The payload of a request to add or remove a rule. */
export function encodeRuleObject(rule: RuleObject): Uint8Array {
  const tail = encodeAttributes(ruleAttributes(rule));
  const table = rule.table ?? tableUnspecified;
  return new ByteWriter(12 + tail.length, "host")
    .u8(rule.family === 4 ? addressFamily.inet : addressFamily.inet6)
    .u8(rule.to?.prefixLength ?? 0)
    .u8(rule.from?.prefixLength ?? 0)
    .u8(rule.tos ?? 0)
    .u8(table > tableByteMax ? tableUnspecified : table)
    .zeros(2)
    .u8(rule.action)
    .u32(rule.not === true ? invertFlag : 0)
    .bytes(tail)
    .finish();
}

/** The payload of a request for all rules of a family. */
export function encodeRuleDump(family: Family): Uint8Array {
  return new ByteWriter(12, "host")
    .u8(family === 4 ? addressFamily.inet : addressFamily.inet6)
    .zeros(11)
    .finish();
}

function ruleAttributes(rule: RuleObject): readonly NetlinkAttribute[] {
  const attributes: NetlinkAttribute[] = [];
  const add = (type: number, value: Uint8Array | undefined): void => {
    if (value !== undefined) attributes.push({ type, value });
  };
  const number = (type: number, value: number | undefined): void =>
    add(type, value === undefined ? undefined : encodeU32(value));
  number(attribute.priority, rule.preference);
  add(attribute.to, rule.to && ipAddressBytes(rule.to.address));
  add(attribute.from, rule.from && ipAddressBytes(rule.from.address));
  if ((rule.table ?? 0) > tableByteMax) number(attribute.table, rule.table);
  if (rule.mark !== undefined) {
    number(attribute.mark, rule.mark);
    number(attribute.markMask, rule.markMask);
  }
  number(attribute.flow, rule.realms);
  if (rule.tunnelId !== undefined)
    add(attribute.tunnelId, new ByteWriter(8).u64(rule.tunnelId).finish());
  number(attribute.suppressPrefixLength, rule.suppressPrefixLength);
  number(attribute.suppressGroup, rule.suppressGroup);
  number(attribute.goto, rule.goto);
  if (rule.inputInterface !== undefined)
    add(attribute.inputInterface, encodeText(rule.inputInterface));
  if (rule.outputInterface !== undefined)
    add(attribute.outputInterface, encodeText(rule.outputInterface));
  if (rule.l3Device === true) add(attribute.l3Device, Uint8Array.of(1));
  add(attribute.users, rule.users && encodePair(rule.users, 4));
  add(attribute.protocol, Uint8Array.of(rule.protocol));
  if (rule.ipProtocol !== undefined) add(attribute.ipProtocol, Uint8Array.of(rule.ipProtocol));
  add(attribute.sourcePorts, rule.sourcePorts && encodePair(rule.sourcePorts, 2));
  add(attribute.destinationPorts, rule.destinationPorts && encodePair(rule.destinationPorts, 2));
  return attributes;
}

/** Reads a rule of a dump or a notification; undefined for a family other than IP. */
export function decodeRuleObject(
  payload: Uint8Array,
): Result<RuleObject | undefined, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const kernelFamily = reader.u8();
  const toLength = reader.u8();
  const fromLength = reader.u8();
  const tos = reader.u8();
  const tableByte = reader.u8();
  reader.skip(2);
  const action = reader.u8();
  const flags = reader.u32();
  if (reader.overrun) return fail({ kind: "truncated", text: "rule" });
  if (kernelFamily !== addressFamily.inet && kernelFamily !== addressFamily.inet6)
    return ok(undefined);
  const decoded = decodeAttributes(reader.bytes(reader.left));
  if (!decoded.ok) return decoded;
  const attributes = decoded.value;
  const table = u32Attribute(attributes, attribute.table) ?? tableByte;
  const said: { readonly [Key in keyof RuleObject]: RuleObject[Key] | undefined } = {
    family: kernelFamily === addressFamily.inet ? 4 : 6,
    action,
    preference: u32Attribute(attributes, attribute.priority) ?? 0,
    not: (flags & invertFlag) !== 0 || undefined,
    to: prefixOf(attributes, attribute.to, toLength),
    from: prefixOf(attributes, attribute.from, fromLength),
    tos: tos || undefined,
    table: table || undefined,
    inputInterface: textAttribute(attributes, attribute.inputInterface),
    outputInterface: textAttribute(attributes, attribute.outputInterface),
    mark: u32Attribute(attributes, attribute.mark),
    markMask: unless(u32Attribute(attributes, attribute.markMask), wholeMask),
    realms: u32Attribute(attributes, attribute.flow),
    tunnelId: bigAttribute(attributes, attribute.tunnelId),
    suppressPrefixLength: unless(
      u32Attribute(attributes, attribute.suppressPrefixLength),
      suppressNothing,
    ),
    suppressGroup: unless(u32Attribute(attributes, attribute.suppressGroup), suppressNothing),
    goto: u32Attribute(attributes, attribute.goto),
    l3Device: attributes.get(attribute.l3Device)?.[0] === 1 || undefined,
    users: decodePair(attributes.get(attribute.users), 4),
    protocol: attributes.get(attribute.protocol)?.[0] ?? 0,
    ipProtocol: attributes.get(attribute.ipProtocol)?.[0],
    sourcePorts: decodePair(attributes.get(attribute.sourcePorts), 2),
    destinationPorts: decodePair(attributes.get(attribute.destinationPorts), 2),
  };
  const filled = Object.entries(said).filter(([, value]) => value !== undefined);
  return ok(Object.fromEntries(filled) as unknown as RuleObject);
}

function encodePair(
  { from, to }: { readonly from: number; readonly to: number },
  length: 2 | 4,
): Uint8Array {
  const writer = new ByteWriter(2 * length, "host");
  return (length === 2 ? writer.u16(from).u16(to) : writer.u32(from).u32(to)).finish();
}

function decodePair(
  value: Uint8Array | undefined,
  length: 2 | 4,
): { readonly from: number; readonly to: number } | undefined {
  if (value === undefined || value.length < 2 * length) return undefined;
  const reader = new ByteReader(value, "host");
  return length === 2
    ? { from: reader.u16(), to: reader.u16() }
    : { from: reader.u32(), to: reader.u32() };
}

function prefixOf(
  attributes: NetlinkAttributes,
  type: number,
  prefixLength: number,
): RuleObject["from"] {
  const address = addressAttribute(attributes, type);
  return address === undefined ? undefined : { address, prefixLength };
}

function bigAttribute(attributes: NetlinkAttributes, type: number): bigint | undefined {
  const value = attributes.get(type);
  return value === undefined || value.length < 8 ? undefined : new ByteReader(value).u64();
}

function unless(value: number | undefined, meaningless: number): number | undefined {
  return value === meaningless ? undefined : value;
}
