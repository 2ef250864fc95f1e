// Reading and writing binary values. The reader is sticky: reads past the end give 0 and set
// `overrun`, so that a decoder is a straight column of reads with one check at its end.

import { assert } from "./assert.ts";

/** Byte order of a multi-byte number: `network` is big-endian, `host` little-endian (x86-64, arm64). */
export type ByteOrder = "network" | "host";

/** Reads numbers and slices from a byte array, never beyond its end. */
export class ByteReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #littleEndian: boolean;
  #offset = 0;
  /** True once a read went past the end. */
  overrun = false;

  constructor(bytes: Uint8Array, order: ByteOrder = "network") {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = order === "host";
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** Position of the next read, from 0. */
  get offset(): number {
    return this.#offset;
  }

  #take(length: number): number {
    const at = this.#offset;
    if (at + length > this.#bytes.length) {
      this.overrun = true;
      this.#offset = this.#bytes.length;
      return -1;
    }
    this.#offset = at + length;
    return at;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#view.getUint8(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : this.#view.getUint16(at, this.#littleEndian);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getUint32(at, this.#littleEndian);
  }

  i32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#view.getInt32(at, this.#littleEndian);
  }

  u64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : this.#view.getBigUint64(at, this.#littleEndian);
  }

  /** A view (no copy) of the next `length` bytes; empty after an overrun. */
  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return at < 0 ? new Uint8Array(0) : this.#bytes.subarray(at, at + length);
  }

  /** Passes over `length` bytes. */
  skip(length: number): void {
    this.#take(length);
  }
}

/** Writes numbers and slices into a byte array of exactly `length` bytes. */
export class ByteWriter {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #littleEndian: boolean;
  #offset = 0;

  constructor(length: number, order: ByteOrder = "network") {
    this.#bytes = new Uint8Array(length);
    this.#view = new DataView(this.#bytes.buffer);
    this.#littleEndian = order === "host";
  }

  #put(length: number): number {
    const at = this.#offset;
    assert(at + length <= this.#bytes.length, "a write stays inside its buffer");
    this.#offset = at + length;
    return at;
  }

  u8(value: number): this {
    assert(value >= 0 && value <= 0xff && Number.isInteger(value), `u8 in range: ${value}`);
    this.#view.setUint8(this.#put(1), value);
    return this;
  }

  u16(value: number): this {
    assert(value >= 0 && value <= 0xffff && Number.isInteger(value), `u16 in range: ${value}`);
    this.#view.setUint16(this.#put(2), value, this.#littleEndian);
    return this;
  }

  u32(value: number): this {
    assert(value >= 0 && value <= 0xffffffff && Number.isInteger(value), `u32 in range: ${value}`);
    this.#view.setUint32(this.#put(4), value, this.#littleEndian);
    return this;
  }

  i32(value: number): this {
    this.#view.setInt32(this.#put(4), value, this.#littleEndian);
    return this;
  }

  u64(value: bigint): this {
    this.#view.setBigUint64(this.#put(8), value, this.#littleEndian);
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#bytes.set(value, this.#put(value.length));
    return this;
  }

  /** Writes `length` zero bytes. */
  zeros(length: number): this {
    this.#put(length);
    return this;
  }

  /** The buffer, which must be exactly full. */
  finish(): Uint8Array {
    assert(this.#offset === this.#bytes.length, "a written buffer is exactly full");
    return this.#bytes;
  }
}

/** Bytes as lower-case hexadecimal, without separators. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Bytes from hexadecimal text; spaces are ignored. The caller vouches for the text. */
export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(" ", "");
  assert(digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits), "hexadecimal text");
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
