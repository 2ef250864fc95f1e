import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L43", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("the number is marked", () => {
  assert.deepEqual(
    told("L43", virtualServerWith("quorum 2\nhysteresis 2").replace("weight 1", "weight 5")),
    ["18 2: the hysteresis 2 is not less than the quorum 2"],
  );
});

test("what counts is written", () => {
  assert.deepEqual(
    newLines(virtualServerWith("quorum 2\nhysteresis 3").replace("weight 1", "weight 5")),
    ["hysteresis 1"],
  );
});

test("without `quorum` it is 1", () => {
  assert.deepEqual(told("L43", virtualServerWith("hysteresis 1")), [
    "17 1: the hysteresis 1 is not less than the quorum 1",
  ]);
});

test("none is fine", () => {
  assert.deepEqual(told("L43", virtualServerWith("hysteresis 0")), []);
});
