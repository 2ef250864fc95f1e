import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the keyword is marked, and the start stops", () => {
  const text = instanceWith("preempt_delay {\n    30\n}");
  assert.equal(told("S25", text).length, 1);
  assert.equal(findingsOf("S25", text)[0]?.stops, true);
});
