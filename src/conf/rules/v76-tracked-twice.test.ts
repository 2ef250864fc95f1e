import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { trackedTwice } from "./v76-tracked-twice.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    trackedTwice.bad.map((text) => told("V76", String(text))),
    [
      ["19 eth1: the interface `eth1` is tracked by `VI_1` and by its group `G`"],
      ["11 eth1: `eth1` stands twice in `track_interface`"],
    ],
  );
});
