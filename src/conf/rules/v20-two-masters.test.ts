import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { twoMasters } from "./v20-two-masters.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    twoMasters.bad.map((texts) => toldOfNodes("V20", [texts].flat())),
    [
      [
        "node2.conf:2 advice: `VI_1` wishes to be MASTER on node1.conf and on node2.conf (node1.conf:2 on node1.conf)",
      ],
    ],
  );
});
