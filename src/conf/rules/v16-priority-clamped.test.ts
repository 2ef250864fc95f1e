import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";
import { priorityClamped } from "./v16-priority-clamped.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    priorityClamped.bad.map((text) => told("V16", String(text))),
    [
      ["15 priority: with its weights the priority of `VI_1` would be 270"],
      ["15 priority: when all of its checks fail the priority of `VI_1` would be -20"],
    ],
  );
});

test("254 and 1 are still inside", () => {
  const weighted = (weight: number, priority: number): string =>
    scriptWith(`script "/usr/local/bin/check"\nweight ${weight}`).replace("100", String(priority));
  assert.deepEqual(told("V16", weighted(4, 250)), []);
  assert.equal(told("V16", weighted(5, 250)).length, 1);
  assert.deepEqual(told("V16", weighted(-49, 50)), []);
  assert.equal(told("V16", weighted(-50, 50)).length, 1);
});
