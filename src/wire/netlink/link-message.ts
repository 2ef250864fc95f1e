// RTM_NEWLINK, RTM_DELLINK and RTM_GETLINK: `struct ifinfomsg` and its attributes, rtnetlink(7).

import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  addressFamily,
  decodeAttributes,
  encodeAttributes,
  textAttribute,
  u32Attribute,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

const attribute = {
  address: 1,
  name: 3,
  mtu: 4,
  master: 10,
  operationalState: 16,
  linkInfo: 18,
  alias: 20,
  families: 26,
  extendedMask: 29,
} as const;
const linkInfoKind = 1;
/** IFLA_INET6_CONF: the settings of net.ipv6.conf, 4 bytes each; the first is `forwarding`. */
const ipv6Settings = 2;
/** RTEXT_FILTER_SKIP_STATS: nobody here reads the counters, which are most of an answer. */
const skipStatistics = 1 << 3;

/** IFF_*: administratively up, carrier present. */
export const linkFlag = { up: 0x1, lowerUp: 0x10000 };

/** An interface as rtnetlink says it. */
export interface LinkMessage {
  readonly index: number;
  readonly name: string;
  /** ARPHRD_*: 1 Ethernet, 772 loopback. */
  readonly type: number;
  /** `linkFlag`s and others of IFF_*. */
  readonly flags: number;
  readonly mtu: number;
  /** Hardware address; empty where the link has none. */
  readonly mac: Uint8Array;
  /** IF_OPER_*: 6 is up, 2 down, 0 unknown. */
  readonly operationalState: number;
  readonly master?: number;
  /** A text that somebody has attached to it. */
  readonly alias?: string;
  /** net.ipv6.conf.NAME.forwarding; absent where the link has no IPv6. */
  readonly ipv6Forwarding?: boolean;
  /** `veth`, `bridge` ...; absent for hardware. */
  readonly kind?: string;
}

/** The payload of a request for one link (by index) or, with 0, for all. */
export function encodeLinkRequest(index: number): Uint8Array {
  const mask = new ByteWriter(4, "host").u32(skipStatistics).finish();
  const tail = encodeAttributes([{ type: attribute.extendedMask, value: mask }]);
  return new ByteWriter(16 + tail.length, "host").zeros(4).u32(index).zeros(8).bytes(tail).finish();
}

/**
 * Reads one link of a dump or a notification; undefined for messages of another family, which a
 * bridge sends about its ports: there, "deleted" only means "no longer a port".
 */
export function decodeLinkMessage(
  payload: Uint8Array,
): Result<LinkMessage | undefined, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const family = reader.u8();
  reader.skip(1);
  const type = reader.u16();
  const index = reader.u32();
  const flags = reader.u32();
  reader.skip(4);
  if (reader.overrun) return fail({ kind: "truncated", text: "link" });
  if (family !== addressFamily.any) return ok(undefined);
  const attributes = decodeAttributes(reader.bytes(reader.left));
  if (!attributes.ok) return attributes;
  const information = decodeAttributes(
    attributes.value.get(attribute.linkInfo) ?? new Uint8Array(0),
  );
  if (!information.ok) return information;
  const kind = textAttribute(information.value, linkInfoKind);
  const alias = textAttribute(attributes.value, attribute.alias);
  const master = u32Attribute(attributes.value, attribute.master);
  const ipv6Forwarding = forwardingOf(attributes.value.get(attribute.families));
  return ok({
    index,
    name: textAttribute(attributes.value, attribute.name) ?? "",
    type,
    flags,
    mtu: u32Attribute(attributes.value, attribute.mtu) ?? 0,
    mac: (attributes.value.get(attribute.address) ?? new Uint8Array(0)).slice(),
    operationalState: attributes.value.get(attribute.operationalState)?.[0] ?? 0,
    ...(master === undefined ? {} : { master }),
    ...(alias === undefined ? {} : { alias }),
    ...(kind === undefined ? {} : { kind }),
    ...(ipv6Forwarding === undefined ? {} : { ipv6Forwarding }),
  });
}

function forwardingOf(families: Uint8Array | undefined): boolean | undefined {
  const byFamily = decodeAttributes(families ?? new Uint8Array(0));
  const six = byFamily.ok ? byFamily.value.get(addressFamily.inet6) : undefined;
  const settings = decodeAttributes(six ?? new Uint8Array(0));
  const value = settings.ok ? settings.value.get(ipv6Settings) : undefined;
  if (value === undefined || value.length < 4) return undefined;
  return new ByteReader(value, "host").i32() !== 0;
}
