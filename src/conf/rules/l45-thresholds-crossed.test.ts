import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const withThresholds = (lines: string): string => virtualServerWith("").replace("weight 1", lines);

test("the lower one is marked", () => {
  assert.deepEqual(told("L45", withThresholds("uthreshold 5\n        lthreshold 10")), [
    "19 10: `lthreshold 10` is above `uthreshold 5`",
  ]);
});

test("alone it is above none", () => {
  assert.deepEqual(told("L45", withThresholds("lthreshold 10")), [
    "18 10: `lthreshold` needs an `uthreshold` above it",
  ]);
});

test("equal is fine", () => {
  assert.deepEqual(told("L45", withThresholds("uthreshold 10\n        lthreshold 10")), []);
});

test("zeros are none", () => {
  assert.deepEqual(told("L45", withThresholds("uthreshold 0\n        lthreshold 0")), []);
});
