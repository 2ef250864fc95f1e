// RTM_NEWLINK for macvlan and ipvlan: `struct ifinfomsg`, IFLA_LINKINFO and what belongs to the kind.

import { ByteWriter } from "../../base/bytes.ts";
import { encodeAttributes, encodeText, encodeU32, type NetlinkAttribute } from "./attribute.ts";
import { linkFlag } from "./link-message.ts";

const attribute = {
  address: 1,
  name: 3,
  link: 5,
  linkInfo: 18,
  alias: 20,
  ipSpecification: 26,
} as const;
const linkInfo = { kind: 1, data: 2 } as const;
const macvlanMode = 1;
const macvlanPrivate = 1;
const ipvlan = { mode: 1, flags: 2 } as const;
const ipvlanModeL2 = 0;
const familyInet6 = 10;
const inet6AddressGeneration = 8;
const generateNone = 1;

/** A link on top of another one. */
export interface VirtualLinkMessage {
  readonly name: string;
  readonly kind: "macvlan" | "ipvlan";
  /** 6 bytes. */
  readonly mac?: Uint8Array;
  /** Of an ipvlan: 0 bridge, 1 private, 2 vepa. */
  readonly flags?: number;
}

/**
 * The payload that makes a link on `baseIndex`, still down. A macvlan is private: what one virtual
 * router of this host sends is not for another one.
 */
export function encodeVirtualLink(link: VirtualLinkMessage, baseIndex: number): Uint8Array {
  const data =
    link.kind === "macvlan"
      ? [{ type: macvlanMode, value: encodeU32(macvlanPrivate) }]
      : [
          { type: ipvlan.mode, value: encodeU16(ipvlanModeL2) },
          { type: ipvlan.flags, value: encodeU16(link.flags ?? 0) },
        ];
  const attributes: NetlinkAttribute[] = [
    { type: attribute.link, value: encodeU32(baseIndex) },
    { type: attribute.name, value: encodeText(link.name) },
  ];
  if (link.mac !== undefined) attributes.push({ type: attribute.address, value: link.mac });
  attributes.push({
    type: attribute.linkInfo,
    value: encodeAttributes([
      { type: linkInfo.kind, value: encodeText(link.kind).subarray(0, link.kind.length) },
      { type: linkInfo.data, value: encodeAttributes(data) },
    ]),
  });
  return encodeLink(0, 0, 0, attributes);
}

/**
 * The payload that gives a link its MAC address and an alias of at most 255 characters. It must come
 * before the link is up: then the kernel invents no link-local address for it, which would be derived
 * from the virtual MAC address (RFC 9568 section 7.4) and be the same on all routers.
 */
export function encodeLinkChange(
  link: VirtualLinkMessage,
  index: number,
  alias: string,
): Uint8Array {
  const generation = [{ type: inet6AddressGeneration, value: Uint8Array.of(generateNone) }];
  const attributes: NetlinkAttribute[] = [
    {
      type: attribute.ipSpecification,
      value: encodeAttributes([{ type: familyInet6, value: encodeAttributes(generation) }]),
    },
  ];
  if (link.mac !== undefined) attributes.push({ type: attribute.address, value: link.mac });
  // Without its NUL: the kernel takes the length of the attribute.
  const aliasBytes = encodeText(alias).subarray(0, alias.length);
  attributes.push({ type: attribute.alias, value: aliasBytes });
  return encodeLink(index, 0, 0, attributes);
}

/** The payload that brings a link up. */
export function encodeLinkUp(index: number): Uint8Array {
  return encodeLink(index, linkFlag.up, linkFlag.up, []);
}

/** The payload that names one link. */
export function encodeLinkNamed(name: string): Uint8Array {
  return encodeLink(0, 0, 0, [{ type: attribute.name, value: encodeText(name) }]);
}

function encodeLink(
  index: number,
  flags: number,
  change: number,
  attributes: readonly NetlinkAttribute[],
): Uint8Array {
  const tail = encodeAttributes(attributes);
  return new ByteWriter(16 + tail.length, "host")
    .zeros(4)
    .u32(index)
    .u32(flags)
    .u32(change)
    .bytes(tail)
    .finish();
}

function encodeU16(value: number): Uint8Array {
  return new ByteWriter(2, "host").u16(value).finish();
}
