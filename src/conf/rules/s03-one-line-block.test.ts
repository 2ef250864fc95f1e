import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const oneLine = instanceWith("authentication { auth_type PASS auth_pass s3cret }");

test("the keyword that is lost is marked", () => {
  assert.deepEqual(told("S03", oneLine), [
    "9 auth_pass: `auth_pass` is lost: a line holds one keyword, also between braces",
  ]);
});

test("--fix writes the block out as the file is indented", () => {
  const mended = instanceWith("authentication {\n    auth_type PASS\n    auth_pass s3cret\n}");
  assert.equal(fixedBy("S03", oneLine), mended);
  const withTabs = (text: string): string => text.replaceAll("    ", "\t");
  assert.equal(fixedBy("S03", withTabs(oneLine)), withTabs(mended));
});

test("a list of values may stand on one line", () => {
  assert.deepEqual(told("S03", instanceWith("track_interface { eth1 }")), []);
});
