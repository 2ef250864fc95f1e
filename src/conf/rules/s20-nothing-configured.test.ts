import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("a file without anything to run is said at its first line", () => {
  assert.equal(told("S20", "").length, 1);
  assert.equal(told("S20", "global_defs {\n    router_id lb1\n}\n").length, 1);
  assert.deepEqual(told("S20", instanceWith("")), []);
});

test("an instance that is wrong is still one", () => {
  assert.deepEqual(told("S20", instanceWith("").replace("    interface eth0\n", "")), []);
});
