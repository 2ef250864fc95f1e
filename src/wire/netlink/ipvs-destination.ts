// IPVS_DEST_ATTR_*: a real server of a service as the kernel's IPVS speaks of it.

import { type Family, familyOf, type IpAddress } from "../../base/address.ts";
import { ok, type Result } from "../../base/result.ts";
import {
  encodeU32,
  type NetlinkAttribute,
  type NetlinkAttributes,
  u32Attribute,
} from "./attribute.ts";
import {
  decodeIpvsContainer,
  encodeFamily,
  encodePort,
  encodeU8,
  encodeU16,
  encodeWideAddress,
  familyAttribute,
  incomplete,
  ipvsContainer,
  nestedAttribute,
  u8Attribute,
  u16Attribute,
  wideAddressAttribute,
} from "./ipvs-message.ts";
import { decodeIpvsStatistics, type IpvsStatistics } from "./ipvs-statistics.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  address: 1,
  port: 2,
  forwarding: 3,
  weight: 4,
  upperThreshold: 5,
  lowerThreshold: 6,
  activeConnections: 7,
  inactiveConnections: 8,
  persistentConnections: 9,
  statistics: 10,
  family: 11,
  statistics64: 12,
  tunnelType: 13,
  tunnelPort: 14,
  tunnelFlags: 15,
} as const;

/** IP_VS_CONN_F_*, as far as they are a way to forward. */
export const ipvsForwarding = { masquerade: 0, local: 1, tunnel: 2, direct: 3, bypass: 4 } as const;
const forwardingMask = 7;

/** IP_VS_CONN_F_TUNNEL_TYPE_*. */
export const ipvsTunnelType = { ipip: 0, gue: 1, gre: 2 } as const;

/** IP_VS_TUNNEL_ENCAP_FLAG_*. */
export const ipvsTunnelFlag = { none: 0, checksum: 1, remoteChecksum: 2 } as const;

export interface IpvsDestination {
  readonly address: IpAddress;
  readonly port: number;
  /** One of `ipvsForwarding`. */
  readonly forwarding: number;
  /** 0..2^31-1. */
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Numbers of `ipvsTunnelType` and `ipvsTunnelFlag`; the port is of GUE. */
  readonly tunnel: { readonly type: number; readonly port: number; readonly flags: number };
}

/** A destination as the kernel tells it. */
export interface ObservedIpvsDestination extends IpvsDestination {
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly persistentConnections: number;
  readonly statistics: IpvsStatistics;
}

/** The container that names a destination. */
export function ipvsDestinationIdAttribute(address: IpAddress, port: number): NetlinkAttribute {
  return nestedAttribute(ipvsContainer.destination, idAttributes(address, port));
}

/** The container that says all of a destination. */
export function ipvsDestinationAttribute(destination: IpvsDestination): NetlinkAttribute {
  const { address, port, tunnel } = destination;
  const u32 = (type: number, value: number): NetlinkAttribute => ({
    type,
    value: encodeU32(value),
  });
  return nestedAttribute(ipvsContainer.destination, [
    ...idAttributes(address, port),
    u32(attribute.forwarding, destination.forwarding),
    u32(attribute.weight, destination.weight),
    { type: attribute.tunnelType, value: encodeU8(tunnel.type) },
    { type: attribute.tunnelPort, value: encodePort(tunnel.port) },
    { type: attribute.tunnelFlags, value: encodeU16(tunnel.flags) },
    u32(attribute.upperThreshold, destination.upperThreshold),
    u32(attribute.lowerThreshold, destination.lowerThreshold),
  ]);
}

function idAttributes(address: IpAddress, port: number): readonly NetlinkAttribute[] {
  return [
    { type: attribute.family, value: encodeFamily(familyOf(address)) },
    { type: attribute.address, value: encodeWideAddress(address) },
    { type: attribute.port, value: encodePort(port) },
  ];
}

/**
 * Reads an answer; undefined when it holds no destination. `serviceFamily` is what a kernel before
 * 3.18 means, which tells no family.
 */
export function decodeIpvsDestination(
  payload: Uint8Array,
  serviceFamily: Family,
): Result<ObservedIpvsDestination | undefined, NetlinkFault> {
  const container = decodeIpvsContainer(payload, ipvsContainer.destination);
  if (!container.ok) return container;
  if (container.value === undefined) return ok(undefined);
  const told = container.value;
  const family = familyAttribute(told, attribute.family) ?? serviceFamily;
  const address = wideAddressAttribute(told, attribute.address, family);
  const port = u16Attribute(told, attribute.port, "network");
  const forwarding = u32Attribute(told, attribute.forwarding);
  const weight = u32Attribute(told, attribute.weight);
  if (address === undefined || port === undefined) return incomplete("destination");
  if (forwarding === undefined || weight === undefined) return incomplete("destination");
  const statistics = decodeIpvsStatistics(
    told.get(attribute.statistics64),
    told.get(attribute.statistics),
  );
  if (!statistics.ok) return statistics;
  const count = (type: number): number => u32Attribute(told, type) ?? 0;
  return ok({
    address,
    port,
    forwarding: forwarding & forwardingMask,
    weight,
    upperThreshold: count(attribute.upperThreshold),
    lowerThreshold: count(attribute.lowerThreshold),
    tunnel: decodeTunnel(told),
    activeConnections: count(attribute.activeConnections),
    inactiveConnections: count(attribute.inactiveConnections),
    persistentConnections: count(attribute.persistentConnections),
    statistics: statistics.value,
  });
}

function decodeTunnel(told: NetlinkAttributes): IpvsDestination["tunnel"] {
  return {
    type: u8Attribute(told, attribute.tunnelType) ?? ipvsTunnelType.ipip,
    port: u16Attribute(told, attribute.tunnelPort, "network") ?? 0,
    flags: u16Attribute(told, attribute.tunnelFlags) ?? ipvsTunnelFlag.none,
  };
}
