import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const password = (word: string): string =>
  instanceWith(`authentication {\n    auth_type PASS\n    auth_pass ${word}\n}`);

test("the words of manuals and templates are marked", () => {
  assert.deepEqual(told("S38", instanceWith("").replace("eth0", "<ifname>")), [
    "3 <ifname>: `<ifname>` is a placeholder that was not replaced",
  ]);
  for (const word of ["CHANGEME", "CHANGE_ME", "YOUR_PASS", "%PASS%", "@PASS@", "__PASS__"])
    assert.equal(told("S38", password(word)).length, 1, word);
});

test("passwords with such signs, comments and quoted text are left alone", () => {
  for (const word of ["a%b%c", "ab__cd", "p@ss@w0", '"CHANGEME"', "x # CHANGEME"])
    assert.deepEqual(told("S38", password(word)), [], word);
});
