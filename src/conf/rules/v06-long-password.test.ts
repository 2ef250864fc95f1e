import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { longPassword } from "./v06-long-password.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    longPassword.bad.map((text) => told("V06", String(text))),
    [["11 longsecret: the password of `VI_1` has 10 bytes"]],
  );
});

const withPassword = (word: string): string =>
  instanceWith(`authentication {\n    auth_type PASS\n    auth_pass ${word}\n}`);

test("--fix cuts it, which changes nothing at run time", () => {
  assert.equal(fixedBy("V06", withPassword("longsecret")), withPassword("longsecr"));
  assert.deepEqual(told("V06", withPassword("12345678")), []);
});

test("the password itself is in no message", () => {
  assert.ok(
    !/longsec/.test(
      JSON.stringify(checkText(withPassword("longsecret")).map(({ edits, ...said }) => said)),
    ),
  );
});

test("bytes count, not letters", () => {
  assert.deepEqual(told("V06", withPassword('"ééééé"')).length, 1);
});
