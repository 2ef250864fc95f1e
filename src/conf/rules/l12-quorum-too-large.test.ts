import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L12", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("the number is marked, and the sum told", () => {
  assert.deepEqual(told("L12", virtualServerWith("quorum 3")), [
    "17 3: the quorum 3 is more than all weights together (1)",
  ]);
});

test("what counts is written", () => {
  assert.deepEqual(newLines(virtualServerWith("quorum 3")), ["quorum 1"]);
});

test("weights count, not servers", () => {
  assert.deepEqual(told("L12", virtualServerWith("quorum 3").replace("weight 1", "weight 3")), []);
});

test("the weight of the virtual server counts for those without", () => {
  assert.deepEqual(
    told("L12", virtualServerWith("quorum 3\nweight 3").replace("        weight 1\n", "")),
    [],
  );
});
