import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the keyword is marked, and the start stops", () => {
  const text = instanceWith("advert_int");
  assert.deepEqual(told("S21", text), ["9 advert_int: `advert_int` needs an argument"]);
  assert.equal(findingsOf("S21", text)[0]?.stops, true);
});

test("a comment is no argument", () => {
  assert.equal(told("S21", instanceWith("advert_int # 1")).length, 1);
});
