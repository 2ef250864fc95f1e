// The answer that ends a request: NLMSG_ERROR (error 0 is success) or NLMSG_DONE, with the
// kernel's extended text where it gives one.

import { ByteReader } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import { decodeAttributes, textAttribute } from "./attribute.ts";
import {
  type NetlinkFault,
  type NetlinkMessage,
  netlinkAlign,
  netlinkFlag,
  netlinkType,
} from "./message.ts";

const messageHeaderLength = 16;
const textType = 1;

/** How a request ended. */
export interface NetlinkAcknowledgement {
  /** Positive errno; 0 is success. */
  readonly errno: number;
  /** The kernel's own words (NLMSGERR_ATTR_MSG), where it has any. */
  readonly text?: string;
}

/** Reads a message of type `error` or `done`. */
export function decodeAcknowledgement(
  message: NetlinkMessage,
): Result<NetlinkAcknowledgement, NetlinkFault> {
  const reader = new ByteReader(message.payload, "host");
  // An old kernel ends a dump with no value at all.
  const errno = reader.left === 0 ? 0 : Math.abs(reader.i32());
  if (message.type === netlinkType.error) {
    const requestLength = reader.u32();
    const capped =
      (message.flags & netlinkFlag.capped) !== 0 || requestLength < messageHeaderLength;
    const repeated = capped ? messageHeaderLength : netlinkAlign(requestLength);
    reader.skip(repeated - 4);
  }
  if (reader.overrun) return fail({ kind: "truncated", text: "acknowledgement" });
  if ((message.flags & netlinkFlag.acknowledgeAttributes) === 0) return ok({ errno });
  const attributes = decodeAttributes(reader.bytes(reader.left));
  if (!attributes.ok) return attributes;
  const text = textAttribute(attributes.value, textType);
  return ok(text === undefined ? { errno } : { errno, text });
}
