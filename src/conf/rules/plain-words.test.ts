import assert from "node:assert/strict";
import { test } from "node:test";
import { linesWith, plainWords } from "./plain-words.ts";

test("quoted text and comments are no words", () => {
  assert.deepEqual(plainWords('a  "b c" d{e # f'), [
    { text: "a", column: 1 },
    { text: "d", column: 10 },
    { text: "e", column: 12 },
  ]);
  assert.deepEqual(plainWords("\u00a0x ! y"), [{ text: "\u00a0x", column: 1 }]);
});

test("lines with a match are found once each, with their numbers", () => {
  const text = "x\n\nax x\nb\nx";
  assert.deepEqual(linesWith(text, /x/g), [
    { text: "x", line: 1 },
    { text: "ax x", line: 3 },
    { text: "x", line: 5 },
  ]);
  assert.deepEqual(linesWith("a\nb\n", /x/g), []);
});
