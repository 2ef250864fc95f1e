// RTA_ENCAP: what wraps the packets of a route, linux/lwtunnel.h, mpls_iptunnel.h and ila.h.

import { type IpAddress, ipAddressBytes } from "../../base/address.ts";
import { ByteWriter } from "../../base/bytes.ts";
import { encodeAttributes, type NetlinkAttribute } from "./attribute.ts";

/** A wrapping of packets. */
export type RouteEncapsulation =
  | { readonly kind: "mpls"; readonly labels: readonly number[] }
  | {
      readonly kind: "ip" | "ip6";
      readonly id?: bigint;
      readonly destination?: IpAddress;
      readonly source?: IpAddress;
      readonly tos?: number;
      readonly ttl?: number;
      readonly flags?: number;
    }
  | { readonly kind: "ila"; readonly locator: bigint };

const types = { mpls: 1, ip: 2, ila: 3, ip6: 4 } as const;
const tunnel = { id: 1, destination: 2, source: 3, ttl: 4, tos: 5, flags: 6 } as const;
const mplsLabels = 1;
const ilaLocator = 1;
const bottomOfStack = 1 << 8;

/** LWTUNNEL_ENCAP_* and the value of RTA_ENCAP. */
export function encodeEncapsulation(encapsulation: RouteEncapsulation): {
  readonly type: number;
  readonly value: Uint8Array;
} {
  return { type: types[encapsulation.kind], value: encodeAttributes(attributesOf(encapsulation)) };
}

function attributesOf(encapsulation: RouteEncapsulation): readonly NetlinkAttribute[] {
  switch (encapsulation.kind) {
    case "mpls":
      return [{ type: mplsLabels, value: encodeLabels(encapsulation.labels) }];
    case "ila":
      return [{ type: ilaLocator, value: bigEndian(encapsulation.locator) }];
    case "ip":
    case "ip6": {
      const { id, destination, source, tos, ttl, flags } = encapsulation;
      const attributes: NetlinkAttribute[] = [];
      if (id !== undefined) attributes.push({ type: tunnel.id, value: bigEndian(id) });
      if (destination !== undefined)
        attributes.push({ type: tunnel.destination, value: ipAddressBytes(destination) });
      if (source !== undefined)
        attributes.push({ type: tunnel.source, value: ipAddressBytes(source) });
      if (tos !== undefined) attributes.push({ type: tunnel.tos, value: Uint8Array.of(tos) });
      if (ttl !== undefined) attributes.push({ type: tunnel.ttl, value: Uint8Array.of(ttl) });
      if (flags !== undefined)
        attributes.push({ type: tunnel.flags, value: new ByteWriter(2).u16(flags).finish() });
      return attributes;
    }
  }
}

/** A label of 20 bits in each 32, the last of them marked (RFC 3032). */
function encodeLabels(labels: readonly number[]): Uint8Array {
  const writer = new ByteWriter(4 * labels.length);
  for (const [i, label] of labels.entries())
    writer.u32(label * 4096 + (i === labels.length - 1 ? bottomOfStack : 0));
  return writer.finish();
}

function bigEndian(value: bigint): Uint8Array {
  return new ByteWriter(8).u64(value).finish();
}
