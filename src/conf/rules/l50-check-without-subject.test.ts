import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";

test("the check is marked", () => {
  assert.deepEqual(told("L50", virtualServerCheckedBy("MISC_CHECK {\n    misc_timeout 5\n}")), [
    "19 MISC_CHECK: this MISC_CHECK names no script to run",
  ]);
});

test("a file", () => {
  assert.deepEqual(told("L50", virtualServerCheckedBy("FILE_CHECK {\n    weight 5\n}")), [
    "19 FILE_CHECK: this FILE_CHECK names no file to follow",
  ]);
});

test("a session", () => {
  assert.deepEqual(told("L50", virtualServerCheckedBy("BFD_CHECK {\n    alpha\n}")), [
    "19 BFD_CHECK: this BFD_CHECK names no BFD session to follow",
  ]);
});
