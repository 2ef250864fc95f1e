import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const priority = (value: string): string =>
  instanceWith("").replace("priority 100", `priority ${value}`);

test("the word is marked", () => {
  assert.deepEqual(told("S23", priority("high")), ["5 high: `high` is not a number"]);
  assert.equal(told("S23", priority("0x64")).length, 1);
});

test("a number may stand in quotes, and a parameter is left alone", () => {
  assert.deepEqual(told("S23", priority('"100"')), []);
  assert.deepEqual(told("S23", priority("$PRIORITY")), []);
});
