import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { ruleWithoutPreference } from "./v74-rule-without-preference.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    ruleWithoutPreference.bad.map((text) => told("V74", String(text))),
    [["10 from: the rule has no `preference`"]],
  );
});
