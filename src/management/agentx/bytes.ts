// The elements of AgentX (RFC 2741 section 5): numbers, identifiers, octet strings, values. Everything
// is a multiple of four bytes.

import type { Oid } from "../snmp/oid.ts";
import type { SnmpValue, Varbind } from "../snmp/value.ts";

/** A message that is not what RFC 2741 says. */
export class AgentxFormatError extends Error {}

/** Instead of a value: there is none at this identifier, or behind it. */
export type Absence = "no-such-object" | "no-such-instance" | "end-of-mib-view";

/** One element of an answer. */
export interface AnswerVarbind {
  readonly oid: Oid;
  readonly value: SnmpValue | Absence;
}

const typeCodes = {
  integer: 2,
  octets: 4,
  oid: 6,
  "ip-address": 64,
  counter32: 65,
  gauge32: 66,
  timeticks: 67,
  counter64: 70,
  "no-such-object": 128,
  "no-such-instance": 129,
  "end-of-mib-view": 130,
} as const;

/** iso.org.dod.internet, which a prefix byte abbreviates. */
const internet: Oid = [1, 3, 6, 1];

/** Appends elements in network byte order. */
export class AgentxWriter {
  readonly #parts: Buffer[] = [];

  u8(value: number): this {
    return this.#add(1, (bytes) => bytes.writeUInt8(value));
  }

  u16(value: number): this {
    return this.#add(2, (bytes) => bytes.writeUInt16BE(value));
  }

  u32(value: number): this {
    return this.#add(4, (bytes) => bytes.writeUInt32BE(value));
  }

  /** An identifier (section 5.1). `include`: a search may end at it. */
  oid(value: Oid, include = false): this {
    const fifth = value[4] ?? 0;
    const short =
      internet.every((part, i) => value[i] === part) &&
      value.length > internet.length &&
      fifth > 0 &&
      fifth < 256;
    const rest = short ? value.slice(internet.length + 1) : value;
    this.u8(rest.length).u8(short ? fifth : 0);
    this.u8(include ? 1 : 0).u8(0);
    for (const part of rest) this.u32(part);
    return this;
  }

  /** An octet string (section 5.3). */
  octets(value: Uint8Array): this {
    this.u32(value.length);
    this.#parts.push(Buffer.from(value), Buffer.alloc((4 - (value.length % 4)) % 4));
    return this;
  }

  /** A varbind (section 5.4). */
  varbind({ oid, value }: AnswerVarbind): this {
    const type = typeof value === "string" ? value : value.type;
    this.u16(typeCodes[type]).u16(0).oid(oid);
    return typeof value === "string" ? this : this.#value(value);
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #value(value: SnmpValue): this {
    switch (value.type) {
      case "integer":
        return this.#add(4, (bytes) => bytes.writeInt32BE(value.value | 0));
      case "octets":
      case "ip-address":
        return this.octets(value.value);
      case "oid":
        return this.oid(value.value);
      case "counter32":
      case "gauge32":
      case "timeticks":
        return this.u32(value.value);
      case "counter64":
        return this.#add(8, (bytes) => bytes.writeBigUInt64BE(value.value));
    }
  }

  #add(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(length);
    write(bytes);
    this.#parts.push(bytes);
    return this;
  }
}

/** Reads elements; throws an `AgentxFormatError` at the end of the bytes. */
export class AgentxReader {
  readonly #bytes: Buffer;
  readonly #big: boolean;
  #at = 0;

  constructor(bytes: Buffer, bigEndian: boolean) {
    this.#bytes = bytes;
    this.#big = bigEndian;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.#advance(1));
  }

  u16(): number {
    const at = this.#advance(2);
    return this.#big ? this.#bytes.readUInt16BE(at) : this.#bytes.readUInt16LE(at);
  }

  u32(): number {
    const at = this.#advance(4);
    return this.#big ? this.#bytes.readUInt32BE(at) : this.#bytes.readUInt32LE(at);
  }

  oid(): { readonly oid: Oid; readonly include: boolean } {
    const count = this.u8();
    const prefix = this.u8();
    const include = this.u8() !== 0;
    this.u8();
    const rest: number[] = [];
    for (let i = 0; i < count; i++) rest.push(this.u32());
    return { oid: prefix === 0 ? rest : [...internet, prefix, ...rest], include };
  }

  octets(): Buffer {
    const length = this.u32();
    const at = this.#advance(length + ((4 - (length % 4)) % 4));
    return this.#bytes.subarray(at, at + length);
  }

  /** A varbind with a value; undefined in the place of a value that is none of ours. */
  varbind(): { readonly oid: Oid; readonly value: Varbind["value"] | undefined } {
    const type = this.u16();
    this.u16();
    const { oid } = this.oid();
    return { oid, value: this.#value(type) };
  }

  #value(type: number): SnmpValue | undefined {
    switch (type) {
      case typeCodes.integer:
        return { type: "integer", value: this.u32() | 0 };
      case typeCodes.octets:
        return { type: "octets", value: this.octets() };
      case typeCodes["ip-address"]:
        return { type: "ip-address", value: this.octets() };
      case typeCodes.oid:
        return { type: "oid", value: this.oid().oid };
      case typeCodes.counter32:
        return { type: "counter32", value: this.u32() };
      case typeCodes.gauge32:
        return { type: "gauge32", value: this.u32() };
      case typeCodes.timeticks:
        return { type: "timeticks", value: this.u32() };
      case typeCodes.counter64: {
        const at = this.#advance(8);
        const value = this.#big ? this.#bytes.readBigUInt64BE(at) : this.#bytes.readBigUInt64LE(at);
        return { type: "counter64", value };
      }
      default:
        return undefined;
    }
  }

  #advance(length: number): number {
    const at = this.#at;
    if (this.left < length) throw new AgentxFormatError("a message ends too early");
    this.#at += length;
    return at;
  }
}
