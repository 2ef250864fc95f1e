import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

const script = (keyword: string): string =>
  scriptWith(`script "/usr/local/bin/check"\ninterval 2\n${keyword} 3`);

test("the typo has a rule of its own, and --fix mends it", () => {
  assert.equal(told("X12", script("raise")).length, 1);
  assert.deepEqual(told("S01", script("raise")), []);
  assert.equal(fixedBy("X12", script("raise")), script("rise"));
});
