// RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR: `struct ifaddrmsg` and its attributes, rtnetlink(7).

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
  textAttribute,
  u32Attribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  address: 1,
  local: 2,
  label: 3,
  broadcast: 4,
  cacheInfo: 6,
  flags: 8,
  protocol: 11,
} as const;
const cacheInfoLength = 16;
/** INFINITY_LIFE_TIME. */
const forever = 0xffffffff;

/** IFA_F_*: secondary, no duplicate address detection, tentative, set by hand. */
export const addressFlag = {
  secondary: 0x01,
  noDad: 0x02,
  home: 0x10,
  tentative: 0x40,
  permanent: 0x80,
  manageTemporary: 0x100,
  noPrefixRoute: 0x200,
  autoJoin: 0x400,
};

/** Of an address that does not stay for ever. */
export interface AddressLifetime {
  /** Whole seconds that are left; undefined: it stays. */
  readonly validS: number | undefined;
  /** Whole seconds; undefined: it stays preferred. */
  readonly preferredS: number | undefined;
  /** Hundredths of a second since boot, on the kernel's count of ticks. Not for requests. */
  readonly updatedAtCs?: number;
}

/** An address of an interface as rtnetlink says it. */
export interface AddressMessage {
  readonly interfaceIndex: number;
  /** The address itself: IFA_LOCAL where there is one, for a point-to-point link has two. */
  readonly address: IpAddress;
  /** 0..32 or 0..128. */
  readonly prefixLength: number;
  /** RT_SCOPE_*: 0 global, 253 link, 254 host. */
  readonly scope: number;
  /** `addressFlag`s. */
  readonly flags: number;
  /** The other end of a point-to-point link. */
  readonly peer?: IpAddress;
  readonly broadcast?: IpAddress;
  /** At most 15 characters. IPv4 only. */
  readonly label?: string;
  readonly lifetime?: AddressLifetime;
  /** IFAPROT_*: who has set it; kernels before 5.18 do not keep it. */
  readonly protocol?: number;
}

/** The payload of a request to add or remove an address. */
export function encodeAddressMessage(message: AddressMessage): Uint8Array {
  const attributes: NetlinkAttribute[] = [
    { type: attribute.local, value: ipAddressBytes(message.address) },
  ];
  if (message.broadcast !== undefined)
    attributes.push({ type: attribute.broadcast, value: ipAddressBytes(message.broadcast) });
  if (message.label !== undefined)
    attributes.push({ type: attribute.label, value: encodeText(message.label) });
  attributes.push({
    type: attribute.address,
    value: ipAddressBytes(message.peer ?? message.address),
  });
  if (message.flags > 0xff)
    attributes.push({ type: attribute.flags, value: encodeU32(message.flags) });
  if (message.lifetime !== undefined)
    attributes.push({ type: attribute.cacheInfo, value: encodeLifetime(message.lifetime) });
  if (message.protocol !== undefined)
    attributes.push({ type: attribute.protocol, value: Uint8Array.of(message.protocol) });
  const tail = encodeAttributes(attributes);
  const family = familyOf(message.address) === 4 ? addressFamily.inet : addressFamily.inet6;
  return new ByteWriter(8 + tail.length, "host")
    .u8(family)
    .u8(message.prefixLength)
    .u8(message.flags & 0xff)
    .u8(message.scope)
    .u32(message.interfaceIndex)
    .bytes(tail)
    .finish();
}

/** `struct ifa_cacheinfo`: preferred and valid seconds, and two times that requests leave empty. */
function encodeLifetime({ validS, preferredS }: AddressLifetime): Uint8Array {
  const writer = new ByteWriter(cacheInfoLength, "host");
  return writer
    .u32(preferredS ?? forever)
    .u32(validS ?? forever)
    .zeros(8)
    .finish();
}

function decodeLifetime(value: Uint8Array | undefined): AddressLifetime | undefined {
  if (value === undefined || value.length < cacheInfoLength) return undefined;
  const reader = new ByteReader(value, "host");
  const preferredS = reader.u32();
  const validS = reader.u32();
  reader.skip(4);
  const updatedAtCs = reader.u32();
  if (validS === forever && preferredS === forever) return undefined;
  return {
    validS: validS === forever ? undefined : validS,
    preferredS: preferredS === forever ? undefined : preferredS,
    updatedAtCs,
  };
}

/** The payload of a request for all addresses of a family. */
export function encodeAddressDump(family: Family): Uint8Array {
  const payload = new Uint8Array(8);
  payload[0] = family === 4 ? addressFamily.inet : addressFamily.inet6;
  return payload;
}

/** Reads one address of a dump or a notification; undefined for a family other than IP. */
export function decodeAddressMessage(
  payload: Uint8Array,
): Result<AddressMessage | undefined, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const family = reader.u8();
  const prefixLength = reader.u8();
  const headerFlags = reader.u8();
  const scope = reader.u8();
  const interfaceIndex = reader.u32();
  if (reader.overrun) return fail({ kind: "truncated", text: "address" });
  if (family !== addressFamily.inet && family !== addressFamily.inet6) return ok(undefined);
  const attributes = decodeAttributes(reader.bytes(reader.left));
  if (!attributes.ok) return attributes;
  const peer = addressAttribute(attributes.value, attribute.address);
  const address = addressAttribute(attributes.value, attribute.local) ?? peer;
  if (address === undefined) return fail({ kind: "truncated", text: "address without IFA_LOCAL" });
  const broadcast = addressAttribute(attributes.value, attribute.broadcast);
  const label = textAttribute(attributes.value, attribute.label);
  const lifetime = decodeLifetime(attributes.value.get(attribute.cacheInfo));
  const protocol = attributes.value.get(attribute.protocol)?.[0];
  return ok({
    interfaceIndex,
    address,
    prefixLength,
    scope,
    flags: u32Attribute(attributes.value, attribute.flags) ?? headerFlags,
    ...(peer === undefined || peer === address ? {} : { peer }),
    ...(broadcast === undefined ? {} : { broadcast }),
    ...(label === undefined ? {} : { label }),
    ...(lifetime === undefined ? {} : { lifetime }),
    ...(protocol === undefined || protocol === 0 ? {} : { protocol }),
  });
}
