// Messages to nf_tables. That the kernel takes them, and `nft` shows what was meant, is a test with
// root; here are the layout and the way back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../base/bytes.ts";
import { Prng } from "../../base/prng.ts";
import {
  decodeNftElements,
  encodeNftBatchMark,
  encodeNftElements,
  encodeNftTable,
  nftFamily,
} from "./nftables-message.ts";

test("a batch begins with the number of the subsystem, big-endian", () => {
  assert.equal(toHex(encodeNftBatchMark()), "0000000a");
});

test("a table has the bytes of `nft add table inet k`", () => {
  assert.equal(
    toHex(encodeNftTable(nftFamily.inet, "k")),
    "01000000060001006b0000000800020000000000",
  );
});

const place = { family: nftFamily.inet, table: "k", set: "s" };

test("an element with a timeout has the bytes of `nft add element inet k s { ipv4 timeout 400ms }`", () => {
  const bytes = encodeNftElements(place, [{ key: Uint8Array.of(2), timeoutMs: 400 }]);
  const expected =
    "01000000 06000100 6b000000 06000200 73000000 20000380 1c000180" +
    "0c000180 05000100 02000000 0c000400 0000000000000190";
  assert.equal(toHex(bytes), expected.replaceAll(" ", ""));
});

test("elements are read back: key, timeout and the chain that a verdict leads to", () => {
  const elements = [
    { key: Uint8Array.of(10, 0, 0, 1), verdict: { kind: "jump", chain: "lease_1790" } },
    { key: Uint8Array.of(10, 0, 0, 2), timeoutMs: 1790 },
  ] as const;
  const read = decodeNftElements(encodeNftElements(place, elements));
  assert.ok(read.ok);
  assert.deepEqual(read.value, [
    { key: Uint8Array.of(10, 0, 0, 1), chain: "lease_1790" },
    { key: Uint8Array.of(10, 0, 0, 2), timeoutMs: 1790 },
  ]);
});

test("spoiled bytes are refused or read, never more", () => {
  const prng = new Prng(11);
  const whole = encodeNftElements(place, [
    { key: fromHex("0a000001"), verdict: { kind: "jump", chain: "c" }, timeoutMs: 5 },
  ]);
  for (let length = 0; length < whole.length; length++)
    decodeNftElements(whole.subarray(0, length));
  for (let i = 0; i < 1000; i++) {
    const spoiled = whole.slice();
    spoiled[prng.integer(0, spoiled.length - 1)] = prng.integer(0, 255);
    decodeNftElements(spoiled);
  }
});
