// Requests to nf_tables over netlink: a batch is a transaction. Each message has a `struct nfgenmsg`
// of 4 bytes (family, version 0, resource) and attributes; numbers in attributes are big-endian.
// The layout is that of linux/netfilter/nf_tables.h and nfnetlink.h.

import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  decodeAttributes,
  encodeAttributes,
  encodeText,
  type NetlinkAttribute,
  textAttribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const subsystem = 10;
const nested = 0x8000;
const listElement = 1;

/** Types of netlink messages of this subsystem. */
export const nftMessage = {
  batchBegin: 16,
  batchEnd: 17,
  newTable: 0x0a00,
  getTable: 0x0a01,
  deleteTable: 0x0a02,
  newChain: 0x0a03,
  newRule: 0x0a06,
  newSet: 0x0a09,
  newSetElement: 0x0a0c,
  getSetElement: 0x0a0d,
  deleteSetElement: 0x0a0e,
} as const;

/** NFPROTO_*: the family of a table. */
export const nftFamily = { inet: 1, arp: 3, ipv4: 2, ipv6: 10 } as const;

/** NF_* hooks of the families inet and arp. */
export const nftHook = { prerouting: 0, input: 1, output: 3, arpInput: 0, arpOutput: 1 } as const;

/** Numbers by which `nft` shows the keys of a set. */
export const nftDataType = {
  ipv4Address: 7,
  ipv6Address: 8,
  interfaceName: 41,
  nfProtocol: 2,
} as const;

/** NFT_SET_*. */
export const nftSetFlag = { map: 0x8, timeout: 0x10 } as const;

/** What a packet meets. */
export type NftVerdict =
  | { readonly kind: "drop" }
  | { readonly kind: "accept" }
  | { readonly kind: "jump"; readonly chain: string };

/** An expression of a rule. */
export type NftExpression = { readonly name: string; readonly attributes: Uint8Array };

function be32(value: number): Uint8Array {
  return new ByteWriter(4).i32(value).finish();
}

function be64(value: number): Uint8Array {
  return new ByteWriter(8).u64(BigInt(value)).finish();
}

function nest(type: number, attributes: readonly NetlinkAttribute[]): NetlinkAttribute {
  return { type: type | nested, value: encodeAttributes(attributes) };
}

function payload(
  family: number,
  attributes: readonly NetlinkAttribute[],
  resource = 0,
): Uint8Array {
  const tail = encodeAttributes(attributes);
  const header = new ByteWriter(4 + tail.length).u8(family).u8(0).u16(resource);
  return header.bytes(tail).finish();
}

/** The payload of the message that begins or ends a batch. */
export function encodeNftBatchMark(): Uint8Array {
  return payload(0, [], subsystem);
}

/** The payload of a message about a table as a whole. */
export function encodeNftTable(family: number, table: string): Uint8Array {
  return payload(family, [
    { type: 1, value: encodeText(table) },
    { type: 2, value: be32(0) },
  ]);
}

/** A chain: with a hook it sees packets, without one it is jumped to. */
export interface NftChain {
  readonly family: number;
  readonly table: string;
  readonly name: string;
  readonly hook?: { readonly number: number; readonly priority: number };
}

export function encodeNftChain(chain: NftChain): Uint8Array {
  const attributes: NetlinkAttribute[] = [
    { type: 1, value: encodeText(chain.table) },
    { type: 3, value: encodeText(chain.name) },
  ];
  if (chain.hook !== undefined)
    attributes.push(
      nest(4, [
        { type: 1, value: be32(chain.hook.number) },
        { type: 2, value: be32(chain.hook.priority) },
      ]),
      { type: 5, value: be32(1) },
      { type: 7, value: encodeText("filter") },
    );
  return payload(chain.family, attributes);
}

/** A set, or with `verdicts` a map from keys to verdicts. */
export interface NftSet {
  readonly family: number;
  readonly table: string;
  readonly name: string;
  /** One of `nftDataType`. */
  readonly keyType: number;
  readonly keyLength: number;
  readonly verdicts?: boolean;
  /** True: elements may have a timeout. */
  readonly timeout?: boolean;
  /** Unlike other sets' of the same batch. */
  readonly id: number;
}

const verdictDataType = 0xffffff00;
/** nft's own note: field 0, 4 bytes, host order. */
const keyInHostOrder = Uint8Array.of(0, 4, 1, 0, 0, 0);

export function encodeNftSet(set: NftSet): Uint8Array {
  const flags =
    (set.verdicts === true ? nftSetFlag.map : 0) | (set.timeout === true ? nftSetFlag.timeout : 0);
  const attributes: NetlinkAttribute[] = [
    { type: 1, value: encodeText(set.table) },
    { type: 2, value: encodeText(set.name) },
    { type: 3, value: be32(flags) },
    { type: 4, value: be32(set.keyType) },
    { type: 5, value: be32(set.keyLength) },
  ];
  if (set.verdicts === true)
    attributes.push({ type: 6, value: be32(verdictDataType | 0) }, { type: 7, value: be32(16) });
  attributes.push({ type: 10, value: be32(set.id) });
  // Only for `nft`, which shows names of interfaces in this order.
  if (set.keyType === nftDataType.interfaceName)
    attributes.push({ type: 13, value: keyInHostOrder });
  return payload(set.family, attributes);
}

/** An element of a set or map. */
export interface NftElement {
  readonly key: Uint8Array;
  readonly verdict?: NftVerdict;
  /** How long it lives. */
  readonly timeoutMs?: number;
}

/** Elements to add to a set or to remove from it. */
export function encodeNftElements(
  place: { readonly family: number; readonly table: string; readonly set: string },
  elements: readonly NftElement[],
): Uint8Array {
  const list = elements.map(({ key, verdict, timeoutMs }) => {
    const attributes = [nest(1, [{ type: 1, value: key }])];
    if (verdict !== undefined) attributes.push(nest(2, [verdictAttribute(verdict)]));
    if (timeoutMs !== undefined) attributes.push({ type: 4, value: be64(timeoutMs) });
    return nest(listElement, attributes);
  });
  return payload(place.family, [
    { type: 1, value: encodeText(place.table) },
    { type: 2, value: encodeText(place.set) },
    nest(3, list),
  ]);
}

/** The payload of a request for all elements of a set. */
export function encodeNftSetDump(place: {
  readonly family: number;
  readonly table: string;
  readonly set: string;
}): Uint8Array {
  return payload(place.family, [
    { type: 1, value: encodeText(place.table) },
    { type: 2, value: encodeText(place.set) },
  ]);
}

function verdictAttribute(verdict: NftVerdict): NetlinkAttribute {
  const code = { drop: 0, accept: 1, jump: -3 }[verdict.kind];
  const attributes: NetlinkAttribute[] = [{ type: 1, value: be32(code) }];
  if (verdict.kind === "jump") attributes.push({ type: 2, value: encodeText(verdict.chain) });
  return nest(2, attributes);
}

/** A rule at the end of a chain. */
export function encodeNftRule(
  place: { readonly family: number; readonly table: string; readonly chain: string },
  expressions: readonly NftExpression[],
): Uint8Array {
  const list = expressions.map(({ name, attributes }) =>
    nest(listElement, [
      { type: 1, value: encodeText(name) },
      { type: 2 | nested, value: attributes },
    ]),
  );
  return payload(place.family, [
    { type: 1, value: encodeText(place.table) },
    { type: 2, value: encodeText(place.chain) },
    nest(4, list),
  ]);
}

/** The register that the expressions here use: 16 bytes. */
const register = 1;

function expression(name: string, attributes: readonly NetlinkAttribute[]): NftExpression {
  return { name, attributes: encodeAttributes(attributes) };
}

/** NFT_META_*: what of a packet is loaded. */
export const nftMeta = { inputName: 6, outputName: 7, nfProtocol: 15, protocol: 16 } as const;

/** Loads something about the packet. */
export function nftLoadMeta(key: number): NftExpression {
  return expression("meta", [
    { type: 2, value: be32(key) },
    { type: 1, value: be32(register) },
  ]);
}

/** NFT_PAYLOAD_*: where an offset counts from. */
export const nftBase = { network: 1, transport: 2 } as const;

/** Loads bytes of the packet. */
export function nftLoadPayload(base: number, offset: number, length: number): NftExpression {
  return expression("payload", [
    { type: 1, value: be32(register) },
    { type: 2, value: be32(base) },
    { type: 3, value: be32(offset) },
    { type: 4, value: be32(length) },
  ]);
}

/** Goes on when what was loaded is this. */
export function nftEqual(value: Uint8Array): NftExpression {
  return comparison(0, value);
}

/** Goes on when what was loaded is something else. */
export function nftUnlike(value: Uint8Array): NftExpression {
  return comparison(1, value);
}

function comparison(operator: number, value: Uint8Array): NftExpression {
  return expression("cmp", [
    { type: 1, value: be32(register) },
    { type: 2, value: be32(operator) },
    nest(3, [{ type: 1, value }]),
  ]);
}

/** Loads what the destination is for this host: RTN_UNICAST where it is another one. */
export function nftLoadDestinationType(): NftExpression {
  return expression("fib", [
    { type: 1, value: be32(register) },
    { type: 2, value: be32(3) },
    { type: 3, value: be32(2) },
  ]);
}

/** Goes on when what was loaded is in the set, or with `inverted` when it is not. */
export function nftInSet(set: string, inverted = false): NftExpression {
  return expression("lookup", [
    { type: 1, value: encodeText(set) },
    { type: 2, value: be32(register) },
    ...(inverted ? [{ type: 5, value: be32(1) }] : []),
  ]);
}

/** Does what the map says for what was loaded. */
export function nftVerdictOf(map: string): NftExpression {
  return expression("lookup", [
    { type: 1, value: encodeText(map) },
    { type: 2, value: be32(register) },
    { type: 3, value: be32(0) },
  ]);
}

/** Ends with a verdict. */
export function nftGive(verdict: NftVerdict): NftExpression {
  return expression("immediate", [
    { type: 1, value: be32(0) },
    nest(2, [verdictAttribute(verdict)]),
  ]);
}

/** An element as the kernel tells it. */
export interface NftElementFact {
  readonly key: Uint8Array;
  readonly timeoutMs?: number;
  /** How much of the timeout is left. */
  readonly expiresMs?: number;
  /** The chain that a verdict map jumps to. */
  readonly chain?: string;
}

/** Reads one message of a dump of a set. */
export function decodeNftElements(
  bytes: Uint8Array,
): Result<readonly NftElementFact[], NetlinkFault> {
  const attributes = decodeAttributes(bytes.subarray(4));
  if (!attributes.ok) return attributes;
  const list = attributes.value.get(3);
  if (list === undefined) return ok([]);
  const facts: NftElementFact[] = [];
  const reader = new ByteReader(list, "host");
  // The elements all have the same type, of which `decodeAttributes` keeps the last.
  while (reader.left > 0) {
    const length = reader.u16();
    reader.skip(2);
    const fact = decodeElement(reader.bytes(Math.max(length - 4, 0)));
    if (reader.overrun || length < 4 || fact === undefined)
      return fail({ kind: "truncated", text: "element of a set" });
    facts.push(fact);
    reader.skip(Math.min(-length & 3, reader.left));
  }
  return ok(facts);
}

function decodeElement(bytes: Uint8Array): NftElementFact | undefined {
  const element = decodeAttributes(bytes);
  if (!element.ok) return undefined;
  const key = decodeAttributes(element.value.get(1) ?? new Uint8Array(0));
  const value = key.ok ? key.value.get(1) : undefined;
  if (value === undefined) return undefined;
  const timeoutMs = u64Of(element.value.get(4));
  const expiresMs = u64Of(element.value.get(5));
  const chain = chainOf(element.value.get(2));
  return {
    key: value.slice(),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(expiresMs === undefined ? {} : { expiresMs }),
    ...(chain === undefined ? {} : { chain }),
  };
}

function u64Of(bytes: Uint8Array | undefined): number | undefined {
  return bytes === undefined || bytes.length < 8 ? undefined : Number(new ByteReader(bytes).u64());
}

function chainOf(data: Uint8Array | undefined): string | undefined {
  if (data === undefined) return undefined;
  const outer = decodeAttributes(data);
  const verdict = outer.ok ? outer.value.get(2) : undefined;
  if (verdict === undefined) return undefined;
  const inner = decodeAttributes(verdict);
  return inner.ok ? textAttribute(inner.value, 2) : undefined;
}
