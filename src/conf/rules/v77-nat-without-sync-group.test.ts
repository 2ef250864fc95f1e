import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { natWithoutSyncGroup } from "./v77-nat-without-sync-group.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    natWithoutSyncGroup.bad.map((text) => told("V77", String(text))),
    [["24 LAN: `LAN` and `VI_1` are the two sides of NAT, and can be MASTER on different nodes"]],
  );
});
