// Netlink messages: a header of 16 bytes and a payload, several in one datagram, each padded to 4.
// Numbers are in host order. The layout is that of the manual page netlink(7).
//
//   0        4      6       8          12        16
//   | length | type | flags | sequence | port id | payload ...

import { ByteReader, ByteWriter } from "../../base/bytes.ts";
import { fail, ok, type Result } from "../../base/result.ts";

const headerLength = 16;

/** Message types that every netlink family has, and those of rtnetlink. */
export const netlinkType = {
  noop: 1,
  error: 2,
  done: 3,
  overrun: 4,
  newLink: 16,
  deleteLink: 17,
  getLink: 18,
  newAddress: 20,
  deleteAddress: 21,
  getAddress: 22,
  newRoute: 24,
  deleteRoute: 25,
  getRoute: 26,
  newNeighbour: 28,
  deleteNeighbour: 29,
  getNeighbour: 30,
  newRule: 32,
  deleteRule: 33,
  getRule: 34,
  newSettings: 80,
} as const;

/** NLM_F_*; the last two belong to answers, `dump` and those after it to requests. */
export const netlinkFlag = {
  request: 0x1,
  multi: 0x2,
  acknowledge: 0x4,
  dumpInterrupted: 0x10,
  dump: 0x300,
  replace: 0x100,
  exclusive: 0x200,
  create: 0x400,
  append: 0x800,
  capped: 0x100,
  acknowledgeAttributes: 0x200,
} as const;

/** One message. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  /** Ties an answer to its request; 0 in notifications. */
  readonly sequence: number;
  readonly portId: number;
  readonly payload: Uint8Array;
}

/** Why bytes are no netlink message. */
export interface NetlinkFault {
  readonly kind: "truncated";
  /** What was cut short. */
  readonly text: string;
}

/** Bytes to a multiple of 4. */
export function netlinkAlign(length: number): number {
  return (length + 3) & ~3;
}

/** Bytes of one message; the payload is taken as it is. */
export function encodeNetlinkMessage(message: NetlinkMessage): Uint8Array {
  const length = headerLength + message.payload.length;
  return new ByteWriter(length, "host")
    .u32(length)
    .u16(message.type)
    .u16(message.flags)
    .u32(message.sequence)
    .u32(message.portId)
    .bytes(message.payload)
    .finish();
}

/** Messages in one datagram, each padded. */
export function joinMessages(messages: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const bytes of messages) length += netlinkAlign(bytes.length);
  const all = new Uint8Array(length);
  let at = 0;
  for (const bytes of messages) {
    all.set(bytes, at);
    at += netlinkAlign(bytes.length);
  }
  return all;
}

/** All messages of one datagram; the payloads are views of it. */
export function decodeNetlinkMessages(
  bytes: Uint8Array,
): Result<readonly NetlinkMessage[], NetlinkFault> {
  const messages: NetlinkMessage[] = [];
  const reader = new ByteReader(bytes, "host");
  while (reader.left > 0) {
    const length = reader.u32();
    const type = reader.u16();
    const flags = reader.u16();
    const sequence = reader.u32();
    const portId = reader.u32();
    const payload = reader.bytes(Math.max(length - headerLength, 0));
    if (reader.overrun || length < headerLength)
      return fail({ kind: "truncated", text: `message of ${length} bytes` });
    messages.push({ type, flags, sequence, portId, payload });
    reader.skip(Math.min(netlinkAlign(length) - length, reader.left));
  }
  return ok(messages);
}
