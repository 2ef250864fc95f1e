// One BPF map by its descriptor: bytes in, bytes out. Counts what it writes, so that a test can see
// that adopting a table writes nothing.

import { assert } from "../../base/assert.ts";
import type { MapShape } from "../../wire/maps/schema.ts";
import { type BpfCalls, bpfNumbers } from "../ffi/bpf.ts";
import { errno } from "../ffi/errno.ts";

const batchLength = 512;

/** A map entry, as bytes. */
export interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A map. Per-CPU maps give the values of all CPUs, one after the other. */
export class MapHandle {
  readonly fd: number;
  readonly keyLength: number;
  readonly valueLength: number;
  readonly #calls: BpfCalls;
  #writes = 0;

  /** `cpus` is above 1 for per-CPU maps. */
  constructor(calls: BpfCalls, fd: number, shape: MapShape, cpus = 1) {
    this.#calls = calls;
    this.fd = fd;
    this.keyLength = shape.keyLength;
    this.valueLength = shape.valueLength * cpus;
  }

  /** Updates and deletions made through this handle. */
  get writes(): number {
    return this.#writes;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    assert(key.length === this.keyLength, "a map key has its map's length");
    const value = new Uint8Array(this.valueLength);
    return this.#calls.bpfMapLookup(this.fd, key, value) < 0 ? undefined : value;
  }

  /** 0 or a negative errno. */
  update(key: Uint8Array, value: Uint8Array): number {
    assert(key.length === this.keyLength, "a map key has its map's length");
    assert(value.length === this.valueLength, "a map value has its map's length");
    this.#writes++;
    return this.#calls.bpfMapUpdate(this.fd, key, value, bpfNumbers.updateAny);
  }

  /** 0, also when the key was not there, or a negative errno. */
  remove(key: Uint8Array): number {
    assert(key.length === this.keyLength, "a map key has its map's length");
    this.#writes++;
    const returned = this.#calls.bpfMapDelete(this.fd, key);
    return returned === -errno.ENOENT ? 0 : returned;
  }

  /** All keys; one that changes meanwhile may be missed. */
  keys(): Uint8Array[] {
    const keys: Uint8Array[] = [];
    const seen = new Set<string>();
    let from: Uint8Array | null = null;
    for (;;) {
      const next = new Uint8Array(this.keyLength);
      if (this.#calls.bpfMapNextKey(this.fd, from, next) < 0) return keys;
      // A key that was deleted under the walk makes the kernel begin anew.
      const text = next.join(".");
      if (seen.has(text)) return keys;
      seen.add(text);
      keys.push(next);
      from = next;
    }
  }

  /** All entries, key by key: for maps of few or large values. */
  entries(): MapEntry[] {
    const entries: MapEntry[] = [];
    for (const key of this.keys()) {
      const value = this.lookup(key);
      if (value !== undefined) entries.push({ key, value });
    }
    return entries;
  }

  /** The first `count` values of an array map. */
  values(count: number): Uint8Array[] {
    return Array.from(this.eachValue(count), (value) => value.slice());
  }

  /** The same one by one, read in batches: a value is a view that the next one may overwrite. */
  *eachValue(count: number): Generator<Uint8Array, void> {
    const keys = new Uint8Array(this.keyLength * batchLength);
    const slots = new Uint8Array(this.valueLength * batchLength);
    let from: Uint8Array | null = null;
    let given = 0;
    while (given < count) {
      const cursor = new Uint8Array(8);
      const wanted = Math.min(batchLength, count - given);
      const returned = this.#calls.bpfMapLookupBatch(this.fd, from, cursor, keys, slots, wanted);
      if (returned < -1e5) return;
      const read = returned < 0 ? -returned - 1 : returned;
      for (let i = 0; i < read; i++)
        yield slots.subarray(i * this.valueLength, (i + 1) * this.valueLength);
      if (returned < 0) return;
      given += read;
      from = cursor;
    }
  }

  /** Entries of a hash map, read in batches; one that changes meanwhile may be missed or come twice. */
  *eachEntry(): Generator<MapEntry, void> {
    const keys = new Uint8Array(this.keyLength * batchLength);
    const values = new Uint8Array(this.valueLength * batchLength);
    let from: Uint8Array | null = null;
    for (;;) {
      const cursor = new Uint8Array(8);
      const returned = this.#calls.bpfMapLookupBatch(
        this.fd,
        from,
        cursor,
        keys,
        values,
        batchLength,
      );
      if (returned < -1e5) return;
      const read = returned < 0 ? -returned - 1 : returned;
      for (let i = 0; i < read; i++)
        yield {
          key: keys.slice(i * this.keyLength, (i + 1) * this.keyLength),
          value: values.slice(i * this.valueLength, (i + 1) * this.valueLength),
        };
      if (returned < 0) return;
      from = cursor;
    }
  }
}
