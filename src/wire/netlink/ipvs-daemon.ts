// IPVS_DAEMON_ATTR_*: the kernel's threads that copy connections between directors.

import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../../base/address.ts";
import { ok, type Result } from "../../base/result.ts";
import {
  encodeText,
  encodeU32,
  type NetlinkAttribute,
  textAttribute,
  u32Attribute,
} from "./attribute.ts";
import {
  decodeIpvsContainer,
  encodeU8,
  encodeU16,
  incomplete,
  ipvsContainer,
  nestedAttribute,
  u8Attribute,
  u16Attribute,
} from "./ipvs-message.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  state: 1,
  interface: 2,
  syncId: 3,
  maxLength: 4,
  group: 5,
  group6: 6,
  port: 7,
  ttl: 8,
} as const;

/** IP_VS_STATE_*. */
export const ipvsDaemonState = { master: 1, backup: 2 } as const;

/** A daemon; what is left out is the kernel's default. */
export interface IpvsDaemon {
  /** One of `ipvsDaemonState`. */
  readonly state: number;
  readonly interface: string;
  readonly syncId: number;
  readonly maxLength?: number;
  readonly group?: IpAddress;
  readonly port?: number;
  readonly ttl?: number;
}

/** The container that starts a daemon. */
export function ipvsDaemonAttribute(daemon: IpvsDaemon): NetlinkAttribute {
  const { maxLength, group, port, ttl } = daemon;
  const attributes: NetlinkAttribute[] = [
    { type: attribute.state, value: encodeU32(daemon.state) },
    { type: attribute.interface, value: encodeText(daemon.interface) },
    { type: attribute.syncId, value: encodeU32(daemon.syncId) },
  ];
  if (maxLength !== undefined)
    attributes.push({ type: attribute.maxLength, value: encodeU16(maxLength) });
  if (group !== undefined) {
    const type = familyOf(group) === 4 ? attribute.group : attribute.group6;
    attributes.push({ type, value: ipAddressBytes(group) });
  }
  if (port !== undefined) attributes.push({ type: attribute.port, value: encodeU16(port) });
  if (ttl !== undefined) attributes.push({ type: attribute.ttl, value: encodeU8(ttl) });
  return nestedAttribute(ipvsContainer.daemon, attributes);
}

/** The container that stops the daemon of a state. */
export function ipvsDaemonStateAttribute(state: number): NetlinkAttribute {
  return nestedAttribute(ipvsContainer.daemon, [
    { type: attribute.state, value: encodeU32(state) },
  ]);
}

/** Reads an answer; undefined when it holds no daemon. */
export function decodeIpvsDaemon(
  payload: Uint8Array,
): Result<IpvsDaemon | undefined, NetlinkFault> {
  const container = decodeIpvsContainer(payload, ipvsContainer.daemon);
  if (!container.ok) return container;
  if (container.value === undefined) return ok(undefined);
  const told = container.value;
  const state = u32Attribute(told, attribute.state);
  const name = textAttribute(told, attribute.interface);
  const syncId = u32Attribute(told, attribute.syncId);
  if (state === undefined || name === undefined || syncId === undefined)
    return incomplete("daemon");
  const group = told.get(attribute.group) ?? told.get(attribute.group6);
  const maxLength = u16Attribute(told, attribute.maxLength);
  const port = u16Attribute(told, attribute.port);
  const ttl = u8Attribute(told, attribute.ttl);
  return ok({
    state,
    interface: name,
    syncId,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(group === undefined ? {} : { group: ipAddressFromBytes(group) }),
    ...(port === undefined ? {} : { port }),
    ...(ttl === undefined ? {} : { ttl }),
  });
}
