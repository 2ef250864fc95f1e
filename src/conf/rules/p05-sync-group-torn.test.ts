import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { syncGroupTorn } from "./p05-sync-group-torn.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    syncGroupTorn.bad.map((texts) => toldOfNodes("P05", [texts].flat())),
    [
      [
        "node2.conf:20 error: `VI_1` and `VI_2` are in one sync group, and have their highest priority on different nodes (node1.conf:11 `VI_1` is highest on node1.conf; node1.conf:1 the group)",
      ],
    ],
  );
});
