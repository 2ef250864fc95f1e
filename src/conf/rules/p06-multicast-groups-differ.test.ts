import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { multicastGroupsDiffer } from "./p06-multicast-groups-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    multicastGroupsDiffer.bad.map((texts) => toldOfNodes("P06", [texts].flat())),
    [
      [
        "node2.conf:1 error: `VI_1` sends to 224.0.0.18 on node2.conf, and to 224.0.0.20 on node1.conf (node1.conf:9 224.0.0.20 on node1.conf)",
      ],
    ],
  );
});
