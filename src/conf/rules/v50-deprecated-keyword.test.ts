import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { deprecatedKeyword } from "./v50-deprecated-keyword.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    deprecatedKeyword.bad.map((text) => told("V50", String(text))),
    [["6 global_tracking: `global_tracking` is deprecated"]],
  );
});
