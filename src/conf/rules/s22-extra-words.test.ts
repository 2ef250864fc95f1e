import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the first word too many is marked, as a warning", () => {
  const text = instanceWith("advert_int 1 seconds long");
  assert.deepEqual(told("S22", text), [
    "9 seconds: `seconds` is one word too many for `advert_int`",
  ]);
  assert.equal(findingsOf("S22", text)[0]?.severity, "warning");
});
