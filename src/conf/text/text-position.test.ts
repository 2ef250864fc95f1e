import assert from "node:assert/strict";
import { test } from "node:test";
import { positionsOf, TextPositions, utf8Length } from "./text-position.ts";

const text = "a\r\nü 名 😀 x\n\nlast";

test("a span has its end, its offsets, and its bytes as the file on disk counts them", () => {
  const positions = new TextPositions(text);
  const span = { file: "f", line: 2, column: 5, length: 2 };
  const extent = positions.extent(span);
  assert.equal(text.slice(extent.start, extent.end), "😀");
  assert.deepEqual([extent.endLine, extent.endColumn], [2, 7]);
  const bytes = Buffer.from(text);
  assert.equal(bytes.subarray(extent.byteStart, extent.byteEnd).toString(), "😀");
});

test("a span may go over line ends, and may lie beyond the text", () => {
  const positions = new TextPositions(text);
  const over = positions.extent({ file: "f", line: 1, column: 1, length: 5 });
  assert.deepEqual([over.endLine, over.endColumn, over.byteEnd], [2, 3, 6]);
  const beyond = positions.extent({ file: "f", line: 9, column: 3, length: 4 });
  assert.deepEqual([beyond.start, beyond.end], [text.length, text.length]);
});

test("lines come without their ends", () => {
  const positions = new TextPositions(text);
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((line) => positions.line(line)),
    ["a", "ü 名 😀 x", "", "last", ""],
  );
});

test("lengths in UTF-8 are those of the encoder, for lone surrogates too", () => {
  for (const sample of ["", "abc", "ü", "名", "😀", "\ud800", "\udc00a", "a\ud83d"])
    assert.equal(utf8Length(sample), Buffer.byteLength(sample), JSON.stringify(sample));
});

test("files that were not read have no positions", () => {
  const of = positionsOf(new Map([["f", "x"]]));
  assert.equal(of("g"), undefined);
  assert.equal(of("f"), of("f"));
});
