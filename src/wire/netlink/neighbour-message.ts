// RTM_NEWNEIGH, RTM_DELNEIGH and RTM_GETNEIGH: `struct ndmsg` and its attributes, rtnetlink(7).

import { familyOf, type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  addressAttribute,
  addressFamily,
  decodeAttributes,
  encodeAttributes,
  encodeU32,
  type NetlinkAttribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = { destination: 1, linkLayerAddress: 2, extendedFlags: 15 } as const;

/** NUD_*. */
export const neighbourState = {
  none: 0,
  incomplete: 0x01,
  reachable: 0x02,
  stale: 0x04,
  delay: 0x08,
  probe: 0x10,
  failed: 0x20,
  noarp: 0x40,
  permanent: 0x80,
} as const;

/** NTF_USE: resolve now. NTF_EXT_MANAGED (extended): keep resolved. */
export const neighbourFlag = { use: 0x01 } as const;
export const neighbourExtendedFlag = { managed: 0x01 } as const;

/** A neighbour as rtnetlink says it. */
export interface NeighbourMessage {
  readonly interfaceIndex: number;
  readonly address: IpAddress;
  /** One of `neighbourState`. */
  readonly state: number;
  readonly flags: number;
  readonly extendedFlags: number;
  /** Hardware address; absent while unresolved. */
  readonly mac?: Uint8Array;
}

/** The payload of a request to add, change or look up a neighbour. */
export function encodeNeighbourMessage(message: NeighbourMessage): Uint8Array {
  const attributes: NetlinkAttribute[] = [
    { type: attribute.destination, value: ipAddressBytes(message.address) },
  ];
  if (message.mac !== undefined)
    attributes.push({ type: attribute.linkLayerAddress, value: message.mac });
  if (message.extendedFlags !== 0)
    attributes.push({ type: attribute.extendedFlags, value: encodeU32(message.extendedFlags) });
  const tail = encodeAttributes(attributes);
  const family = familyOf(message.address) === 4 ? addressFamily.inet : addressFamily.inet6;
  return new ByteWriter(12 + tail.length, "host")
    .u8(family)
    .zeros(3)
    .u32(message.interfaceIndex)
    .u16(message.state)
    .u8(message.flags)
    .u8(0)
    .bytes(tail)
    .finish();
}

/** The payload of a request for all neighbours, of both families. */
export function encodeNeighbourDump(): Uint8Array {
  return new Uint8Array(12);
}

/** Reads one neighbour; undefined for those that are not IP (bridge forwarding entries). */
export function decodeNeighbourMessage(
  payload: Uint8Array,
): Result<NeighbourMessage | undefined, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const family = reader.u8();
  reader.skip(3);
  const interfaceIndex = reader.u32();
  const state = reader.u16();
  const flags = reader.u8();
  reader.skip(1);
  if (reader.overrun) return fail({ kind: "truncated", text: "neighbour" });
  if (family !== addressFamily.inet && family !== addressFamily.inet6) return ok(undefined);
  const attributes = decodeAttributes(reader.bytes(reader.left));
  if (!attributes.ok) return attributes;
  const address = addressAttribute(attributes.value, attribute.destination);
  if (address === undefined) return ok(undefined);
  const mac = attributes.value.get(attribute.linkLayerAddress)?.slice();
  const extended = attributes.value.get(attribute.extendedFlags);
  return ok({
    interfaceIndex,
    address,
    state,
    flags,
    extendedFlags: extended === undefined ? 0 : new ByteReader(extended, "host").u32(),
    ...(mac === undefined ? {} : { mac }),
  });
}
