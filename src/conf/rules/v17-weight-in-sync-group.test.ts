import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { weightInSyncGroup } from "./v17-weight-in-sync-group.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    weightInSyncGroup.bad.map((text) => told("V17", String(text))),
    [
      [
        "16 weight: `VI_1` is in a sync group, where the weight of the interface `eth1` does not count",
      ],
    ],
  );
});
