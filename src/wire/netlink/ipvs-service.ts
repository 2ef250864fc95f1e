// IPVS_SVC_ATTR_*: a virtual service as the kernel's IPVS speaks of it.

import type { Family, IpAddress } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { ok, type Result } from "../../base/result.ts";
import {
  encodeText,
  encodeU32,
  type NetlinkAttribute,
  type NetlinkAttributes,
  textAttribute,
  u32Attribute,
} from "./attribute.ts";
import {
  decodeIpvsContainer,
  encodeFamily,
  encodePort,
  encodeU16,
  encodeWideAddress,
  familyAttribute,
  incomplete,
  ipvsContainer,
  nestedAttribute,
  u16Attribute,
  wideAddressAttribute,
} from "./ipvs-message.ts";
import { decodeIpvsStatistics, type IpvsStatistics } from "./ipvs-statistics.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  family: 1,
  protocol: 2,
  address: 3,
  port: 4,
  fwmark: 5,
  scheduler: 6,
  flags: 7,
  timeout: 8,
  netmask: 9,
  statistics: 10,
  persistenceEngine: 11,
  statistics64: 12,
} as const;

/** IP_VS_SVC_F_*; of a scheduler the first is flag 1. */
export const ipvsServiceFlag = {
  persistent: 0x1,
  onePacket: 0x4,
  scheduler1: 0x8,
  scheduler2: 0x10,
  scheduler3: 0x20,
} as const;
const everyFlag = 0xffffffff;

/** What tells a service from others: a mark, or where its clients connect to. */
export type IpvsServiceId =
  | { readonly family: Family; readonly fwmark: number }
  | {
      readonly family: Family;
      /** IPPROTO_*. */
      readonly protocol: number;
      readonly address: IpAddress;
      readonly port: number;
    };

export interface IpvsService {
  readonly id: IpvsServiceId;
  readonly scheduler: string;
  /** `ipvsServiceFlag`s and what else the kernel tells. */
  readonly flags: number;
  /** Of persistence, seconds. */
  readonly timeoutS: number;
  /** Bits of a client's address that persistence looks at: 0..32, or 0..128. */
  readonly prefixLength: number;
  readonly persistenceEngine?: string;
}

/** A service as the kernel tells it. */
export interface ObservedIpvsService extends IpvsService {
  readonly statistics: IpvsStatistics;
}

/** The container that names a service. */
export function ipvsServiceIdAttribute(id: IpvsServiceId): NetlinkAttribute {
  return nestedAttribute(ipvsContainer.service, idAttributes(id));
}

/** The container that says all of a service, flags that are not mentioned being off. */
export function ipvsServiceAttribute(service: IpvsService): NetlinkAttribute {
  const { id, scheduler, flags, timeoutS, prefixLength, persistenceEngine } = service;
  const flagsAndMask = new ByteWriter(8, "host").u32(flags).u32(everyFlag).finish();
  return nestedAttribute(ipvsContainer.service, [
    ...idAttributes(id),
    { type: attribute.scheduler, value: encodeText(scheduler) },
    ...(persistenceEngine === undefined
      ? []
      : [{ type: attribute.persistenceEngine, value: encodeText(persistenceEngine) }]),
    { type: attribute.flags, value: flagsAndMask },
    { type: attribute.timeout, value: encodeU32(timeoutS) },
    { type: attribute.netmask, value: encodeNetmask(id.family, prefixLength) },
  ]);
}

function idAttributes(id: IpvsServiceId): readonly NetlinkAttribute[] {
  const family = { type: attribute.family, value: encodeFamily(id.family) };
  if ("fwmark" in id) return [family, { type: attribute.fwmark, value: encodeU32(id.fwmark) }];
  return [
    family,
    { type: attribute.protocol, value: encodeU16(id.protocol) },
    { type: attribute.address, value: encodeWideAddress(id.address) },
    { type: attribute.port, value: encodePort(id.port) },
  ];
}

/** IPv4: the mask in network order. IPv6: the length of the prefix in host order. */
function encodeNetmask(family: Family, prefixLength: number): Uint8Array {
  if (family === 6) return encodeU32(prefixLength);
  const mask = prefixLength === 0 ? 0 : (0xffffffff << (32 - prefixLength)) >>> 0;
  return new ByteWriter(4, "network").u32(mask).finish();
}

function decodeNetmask(family: Family, value: Uint8Array): number {
  if (family === 6) return new ByteReader(value, "host").u32();
  return Math.clz32(~new ByteReader(value, "network").u32());
}

/** Reads an answer; undefined when it holds no service. */
export function decodeIpvsService(
  payload: Uint8Array,
): Result<ObservedIpvsService | undefined, NetlinkFault> {
  const container = decodeIpvsContainer(payload, ipvsContainer.service);
  if (!container.ok) return container;
  if (container.value === undefined) return ok(undefined);
  const told = container.value;
  const id = decodeId(told);
  const scheduler = textAttribute(told, attribute.scheduler);
  const flags = u32Attribute(told, attribute.flags);
  const timeoutS = u32Attribute(told, attribute.timeout);
  const netmask = told.get(attribute.netmask);
  if (id === undefined || scheduler === undefined || flags === undefined)
    return incomplete("service");
  if (timeoutS === undefined || netmask === undefined) return incomplete("service");
  const engine = textAttribute(told, attribute.persistenceEngine);
  const statistics = decodeIpvsStatistics(
    told.get(attribute.statistics64),
    told.get(attribute.statistics),
  );
  if (!statistics.ok) return statistics;
  return ok({
    id,
    scheduler,
    flags,
    timeoutS,
    prefixLength: decodeNetmask(id.family, netmask),
    ...(engine === undefined || engine === "" ? {} : { persistenceEngine: engine }),
    statistics: statistics.value,
  });
}

function decodeId(told: NetlinkAttributes): IpvsServiceId | undefined {
  const family = familyAttribute(told, attribute.family);
  if (family === undefined) return undefined;
  const fwmark = u32Attribute(told, attribute.fwmark);
  if (fwmark !== undefined) return { family, fwmark };
  const protocol = u16Attribute(told, attribute.protocol);
  const address = wideAddressAttribute(told, attribute.address, family);
  const port = u16Attribute(told, attribute.port, "network");
  if (protocol === undefined || address === undefined || port === undefined) return undefined;
  return { family, protocol, address, port };
}
