// RTM_GETROUTE for one destination and its answer: `struct rtmsg` and its attributes, rtnetlink(7).

import {
  familyOf,
  type IpAddress,
  ipAddressBytes,
  ipAddressFromBytes,
} from "../../base/address.ts";
import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  addressAttribute,
  addressFamily,
  decodeAttributes,
  encodeAttributes,
  u32Attribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  destination: 1,
  outputInterface: 4,
  gateway: 5,
  preferredSource: 7,
  via: 18,
} as const;

/** RTN_*: what the kernel does with a packet that takes the route. */
export const routeType = { unicast: 1, local: 2, broadcast: 3, multicast: 5 } as const;

/** The route that the kernel chose for one destination. */
export interface RouteMessage {
  /** One of `routeType`, or another of RTN_*. */
  readonly type: number;
  /** Index of the interface; 0 where the route has none. */
  readonly outputInterface: number;
  /** The next hop; may be of the other family. */
  readonly gateway?: IpAddress;
  readonly preferredSource?: IpAddress;
}

/** The payload of a request for the route to one destination. */
export function encodeRouteRequest(destination: IpAddress): Uint8Array {
  const value = ipAddressBytes(destination);
  const tail = encodeAttributes([{ type: attribute.destination, value }]);
  return new ByteWriter(12 + tail.length, "host")
    .u8(familyOf(destination) === 4 ? addressFamily.inet : addressFamily.inet6)
    .u8(value.length * 8)
    .zeros(10)
    .bytes(tail)
    .finish();
}

/** Reads the answer. */
export function decodeRouteMessage(payload: Uint8Array): Result<RouteMessage, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  reader.skip(7);
  const type = reader.u8();
  reader.skip(4);
  if (reader.overrun) return fail({ kind: "truncated", text: "route" });
  const attributes = decodeAttributes(reader.bytes(reader.left));
  if (!attributes.ok) return attributes;
  const gateway =
    addressAttribute(attributes.value, attribute.gateway) ??
    viaAddress(attributes.value.get(attribute.via));
  const preferredSource = addressAttribute(attributes.value, attribute.preferredSource);
  return ok({
    type,
    outputInterface: u32Attribute(attributes.value, attribute.outputInterface) ?? 0,
    ...(gateway === undefined ? {} : { gateway }),
    ...(preferredSource === undefined ? {} : { preferredSource }),
  });
}

/** `struct rtvia`: a family of 2 bytes, then the address. */
function viaAddress(via: Uint8Array | undefined): IpAddress | undefined {
  const address = via?.subarray(2);
  if (address === undefined || (address.length !== 4 && address.length !== 16)) return undefined;
  return ipAddressFromBytes(address);
}
