import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { syncDaemonsDiffer } from "./p14-sync-daemons-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    syncDaemonsDiffer.bad.map((texts) => toldOfNodes("P14", [texts].flat())),
    [
      [
        "node2.conf:2 warning: the id of `lvs_sync_daemon` differs between node1.conf and node2.conf (node1.conf:2 1 on node1.conf)",
      ],
      ["node1.conf:2 warning: node2.conf has no `lvs_sync_daemon`, and node1.conf has one"],
    ],
  );
});
