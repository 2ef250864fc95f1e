import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { sameSource } from "./p07-same-source.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    sameSource.bad.map((texts) => toldOfNodes("P07", [texts].flat())),
    [
      [
        "node2.conf:9 error: node1.conf and node2.conf send from the same address, 192.0.2.1 (node1.conf:9 on node1.conf)",
      ],
    ],
  );
});
