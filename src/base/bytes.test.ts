import assert from "node:assert/strict";
import { test } from "node:test";
import { ByteReader, ByteWriter, fromHex, toHex } from "./bytes.ts";

test("a reader past its end gives zeros and remembers the overrun", () => {
  const reader = new ByteReader(fromHex("0102"));
  assert.equal(reader.u16(), 0x0102);
  assert.equal(reader.overrun, false);
  assert.equal(reader.u32(), 0);
  assert.equal(reader.overrun, true);
});

test("a writer refuses a value that does not fit and a buffer that is not full", () => {
  assert.throws(() => new ByteWriter(1).u8(256));
  assert.throws(() => new ByteWriter(2).u8(1).finish());
  assert.throws(() => new ByteWriter(1).u16(1));
});

test("byte order belongs to the reader and the writer", () => {
  assert.equal(toHex(new ByteWriter(4).u32(0x01020304).finish()), "01020304");
  assert.equal(toHex(new ByteWriter(4, "host").u32(0x01020304).finish()), "04030201");
  assert.equal(new ByteReader(fromHex("04030201"), "host").u32(), 0x01020304);
});
