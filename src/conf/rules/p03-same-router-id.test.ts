import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { sameRouterId } from "./p03-same-router-id.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    sameRouterId.bad.map((texts) => toldOfNodes("P03", [texts].flat())),
    [
      [
        "node2.conf:2 advice: node1.conf and node2.conf have the same router_id, `lb` (node1.conf:2 on node1.conf)",
      ],
    ],
  );
});
