// Generic netlink: a header of 4 bytes (command, version of the family, 2 reserved) and attributes. A family has a number
// that the kernel gives it when its module is loaded; the family `nlctrl` tells it by name [linux/genetlink.h].

import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import {
  decodeAttributes,
  encodeAttributes,
  encodeText,
  type NetlinkAttribute,
  type NetlinkAttributes,
} from "./attribute.ts";
import type { NetlinkFault } from "./message.ts";

/** The type of messages to and from `nlctrl` itself. */
export const genericControlType = 0x10;

const getFamily = 3;
const controlVersion = 1;
const familyIdType = 1;
const familyNameType = 2;

/** The payload of a message of a generic family. */
export interface GenericMessage {
  readonly command: number;
  readonly attributes: NetlinkAttributes;
}

/** Bytes of a payload. */
export function encodeGenericMessage(
  command: number,
  version: number,
  attributes: readonly NetlinkAttribute[],
): Uint8Array {
  const tail = encodeAttributes(attributes);
  return new ByteWriter(4 + tail.length, "host")
    .u8(command)
    .u8(version)
    .u16(0)
    .bytes(tail)
    .finish();
}

/** Reads a payload. */
export function decodeGenericMessage(payload: Uint8Array): Result<GenericMessage, NetlinkFault> {
  const reader = new ByteReader(payload, "host");
  const command = reader.u8();
  reader.skip(3);
  if (reader.overrun) return fail({ kind: "truncated", text: "generic netlink header" });
  const attributes = decodeAttributes(reader.bytes(reader.left));
  return attributes.ok ? ok({ command, attributes: attributes.value }) : attributes;
}

/** The request to `nlctrl` for the number of a family. */
export function encodeFamilyRequest(name: string): Uint8Array {
  return encodeGenericMessage(getFamily, controlVersion, [
    { type: familyNameType, value: encodeText(name) },
  ]);
}

/** The number of a family out of the answer: the type of its messages. */
export function decodeFamily(payload: Uint8Array): Result<number | undefined, NetlinkFault> {
  const message = decodeGenericMessage(payload);
  if (!message.ok) return message;
  const id = message.value.attributes.get(familyIdType);
  return ok(id === undefined ? undefined : new ByteReader(id, "host").u16());
}
