// AgentX messages (RFC 2741 section 6): what a subagent says, and what it is asked.

import type { Oid } from "../snmp/oid.ts";
import type { Varbind } from "../snmp/value.ts";
import { AgentxFormatError, AgentxReader, AgentxWriter, type AnswerVarbind } from "./bytes.ts";

const version = 1;
const networkByteOrder = 0x10;
const nonDefaultContext = 0x08;
/** Bytes of a header. */
export const headerBytes = 20;
/** Longest message that is read; a request names some hundred identifiers at most. */
export const payloadBytesMax: number = 1 << 20;

const kinds = {
  open: 1,
  close: 2,
  register: 3,
  get: 5,
  "get-next": 6,
  "get-bulk": 7,
  "test-set": 8,
  "commit-set": 9,
  "undo-set": 10,
  "cleanup-set": 11,
  notify: 12,
  ping: 13,
  response: 18,
} as const;

/** Errors of RFC 2741 section 7.1 and RFC 3416 that this subagent tells or understands. */
export const agentxError = {
  none: 0,
  general: 5,
  notWritable: 17,
  commitFailed: 14,
  notOpen: 257,
  duplicateRegistration: 263,
  parse: 266,
} as const;

/** Where a search begins, and before what it ends; an empty `end` is no limit. */
export interface SearchRange {
  readonly start: Oid;
  readonly include: boolean;
  readonly end: Oid;
}

/** What every message carries. */
export interface AgentxHeader {
  readonly sessionId: number;
  readonly transactionId: number;
  readonly packetId: number;
}

/** What a subagent sends. */
export type AgentxRequest =
  | { readonly kind: "open"; readonly description: string; readonly timeoutS: number }
  | { readonly kind: "close" }
  | { readonly kind: "register"; readonly subtree: Oid; readonly priority: number }
  | { readonly kind: "notify"; readonly varbinds: readonly Varbind[] }
  | { readonly kind: "ping" };

/** What a master agent sends. */
export type AgentxInput =
  | { readonly kind: "get" | "get-next"; readonly ranges: readonly SearchRange[] }
  | {
      readonly kind: "get-bulk";
      readonly nonRepeaters: number;
      readonly maxRepetitions: number;
      readonly ranges: readonly SearchRange[];
    }
  | { readonly kind: "test-set"; readonly oids: readonly Oid[] }
  | { readonly kind: "commit-set" | "undo-set" | "cleanup-set" | "close" | "unknown" }
  | {
      readonly kind: "response";
      /** Hundredths of a second since the master agent started. */
      readonly sysUpTimeCs: number;
      readonly error: number;
    };

/** The answer to a request of the master agent. */
export interface AgentxAnswer {
  readonly error: number;
  /** 1 for the first element that is at fault; 0 for none. */
  readonly index: number;
  readonly varbinds: readonly AnswerVarbind[];
}

/** Bytes of a request. */
export function encodeRequest(header: AgentxHeader, request: AgentxRequest): Buffer {
  const body = new AgentxWriter();
  switch (request.kind) {
    case "open":
      body.u8(request.timeoutS).u8(0).u16(0).oid([]);
      body.octets(Buffer.from(request.description));
      break;
    case "close": {
      const reasonShutdown = 5;
      body.u8(reasonShutdown).u8(0).u16(0);
      break;
    }
    case "register":
      body.u8(0).u8(request.priority).u8(0).u8(0).oid(request.subtree);
      break;
    case "notify":
      for (const varbind of request.varbinds) body.varbind(varbind);
      break;
    case "ping":
      break;
  }
  return encodeMessage(kinds[request.kind], header, body.finish());
}

/** Bytes of an answer; the header is that of the request. */
export function encodeAnswer(header: AgentxHeader, answer: AgentxAnswer): Buffer {
  const body = new AgentxWriter().u32(0).u16(answer.error).u16(answer.index);
  for (const varbind of answer.varbinds) body.varbind(varbind);
  return encodeMessage(kinds.response, header, body.finish());
}

function encodeMessage(kind: number, header: AgentxHeader, body: Buffer): Buffer {
  const head = new AgentxWriter().u8(version).u8(kind).u8(networkByteOrder).u8(0);
  head.u32(header.sessionId).u32(header.transactionId).u32(header.packetId).u32(body.length);
  return Buffer.concat([head.finish(), body]);
}

/** Bytes behind the header. Throws an `AgentxFormatError` when the header is none. */
export function payloadLength(header: Buffer): number {
  if (header[0] !== version) throw new AgentxFormatError(`version ${header[0]} is not 1`);
  const length = readerAt(header, 16).u32();
  if (length > payloadBytesMax || length % 4 !== 0)
    throw new AgentxFormatError(`a length of ${length} bytes`);
  return length;
}

/** A whole message. Throws an `AgentxFormatError` when it is none. */
export function decodeMessage(bytes: Buffer): { header: AgentxHeader; input: AgentxInput } {
  const head = readerAt(bytes, 4);
  const header = { sessionId: head.u32(), transactionId: head.u32(), packetId: head.u32() };
  const reader = readerAt(bytes, headerBytes);
  if (((bytes[2] ?? 0) & nonDefaultContext) !== 0 && bytes[1] !== kinds.response) reader.octets();
  return { header, input: decodeInput(bytes[1] ?? 0, reader) };
}

function decodeInput(kind: number, reader: AgentxReader): AgentxInput {
  switch (kind) {
    case kinds.get:
      return { kind: "get", ranges: readRanges(reader) };
    case kinds["get-next"]:
      return { kind: "get-next", ranges: readRanges(reader) };
    case kinds["get-bulk"]: {
      const nonRepeaters = reader.u16();
      const maxRepetitions = reader.u16();
      return { kind: "get-bulk", nonRepeaters, maxRepetitions, ranges: readRanges(reader) };
    }
    case kinds["test-set"]:
      return { kind: "test-set", oids: readOids(reader) };
    case kinds["commit-set"]:
      return { kind: "commit-set" };
    case kinds["undo-set"]:
      return { kind: "undo-set" };
    case kinds["cleanup-set"]:
      return { kind: "cleanup-set" };
    case kinds.close:
      return { kind: "close" };
    case kinds.response: {
      const sysUpTimeCs = reader.u32();
      return { kind: "response", sysUpTimeCs, error: reader.u16() };
    }
    default:
      return { kind: "unknown" };
  }
}

function readRanges(reader: AgentxReader): SearchRange[] {
  const ranges: SearchRange[] = [];
  while (reader.left > 0) {
    const { oid: start, include } = reader.oid();
    ranges.push({ start, include, end: reader.oid().oid });
  }
  return ranges;
}

function readOids(reader: AgentxReader): Oid[] {
  const oids: Oid[] = [];
  while (reader.left > 0) {
    const { oid, value } = reader.varbind();
    oids.push(oid);
    // Nothing is writable, so that what follows a value of an unknown length does not matter.
    if (value === undefined) break;
  }
  return oids;
}

/** A reader from an offset on, in the byte order that the header names. */
function readerAt(bytes: Buffer, at: number): AgentxReader {
  return new AgentxReader(bytes.subarray(at), ((bytes[2] ?? 0) & networkByteOrder) !== 0);
}
