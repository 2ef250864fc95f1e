import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { httpCheckWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L52", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("the path is marked", () => {
  assert.deepEqual(told("L52", httpCheckWith("path health")), [
    "21 health: `health` does not begin with a slash",
  ]);
});

test("the slash is written", () => {
  assert.deepEqual(newLines(httpCheckWith("path health")), ["path /health"]);
});

test("a parameter that nobody defines is left alone", () => {
  assert.deepEqual(told("L52", httpCheckWith("path $HEALTH")), []);
});
