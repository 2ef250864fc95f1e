import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const password = (text: string): string =>
  instanceWith(`authentication {\n    auth_type PASS\n    auth_pass ${text}\n}`);

test("a password that is cut is quoted by --fix", () => {
  assert.deepEqual(told("S10", password("ab!cd#ef")), ["11 ab: `ab` ends at a comment sign"]);
  assert.equal(fixedBy("S10", password("ab!cd#ef")), password('"ab!cd#ef"'));
});

test("quotes, or a blank before the sign, leave no doubt", () => {
  assert.deepEqual(told("S10", password('"ab!cd"')), []);
  assert.deepEqual(told("S10", password("ab !cd")), []);
});

test("behind a number a comment is what is meant: no more than a warning, and no edit", () => {
  const text = instanceWith("advert_int 1#s");
  assert.equal(told("S10", text).length, 1);
  assert.equal(fixedBy("S10", text), text);
});
