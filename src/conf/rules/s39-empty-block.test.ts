import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the keyword of the list is marked", () => {
  assert.deepEqual(told("S39", instanceWith("track_interface {\n}")), [
    "9 track_interface: `track_interface` is empty",
  ]);
});

test("a list whose lines cannot be read is not empty, and a block of keywords is no list", () => {
  assert.deepEqual(told("S39", instanceWith("track_interface {\n    a/b\n}")), []);
  assert.deepEqual(told("S39", "global_defs {\n}\n"), []);
  assert.deepEqual(told("S39", instanceWith("unicast_peer {\n}")), []);
});
