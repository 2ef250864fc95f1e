import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the keyword is marked", () => {
  assert.deepEqual(told("S07", instanceWith("track_interface eth1")), [
    "9 track_interface: `track_interface` needs a block",
  ]);
});

test("the brace may stand on the next line", () => {
  assert.deepEqual(told("S07", instanceWith("track_interface\n{\n    eth1\n}")), []);
});
