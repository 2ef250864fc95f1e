import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { smallSyncGroup } from "./v45-small-sync-group.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    smallSyncGroup.bad.map((text) => told("V45", String(text))),
    [["1 G: the sync group `G` has only one member"], ["1 G: the sync group `G` has no member"]],
  );
});
