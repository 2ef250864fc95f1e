import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the nearest keyword of that block is offered, and written by --fix", () => {
  const text = instanceWith("nopremept");
  assert.deepEqual(told("S01", text), [
    "9 nopremept: `nopremept` is not a keyword of vrrp_instance",
  ]);
  assert.equal(fixedBy("S01", text), instanceWith("nopreempt"));
});

test("a word that is near to nothing is reported without a guess", () => {
  const text = instanceWith("frobnicate 1");
  assert.equal(told("S01", text).length, 1);
  assert.equal(fixedBy("S01", text), text);
});

test("a name that is still a parameter is left alone", () => {
  assert.deepEqual(told("S01", instanceWith("$EXTRA 1")), []);
});

test("a block behind an unknown keyword is one finding, whatever stands in it", () => {
  assert.equal(told("S01", instanceWith("frobnicate {\n    a 1\n    b 2\n}")).length, 1);
});
