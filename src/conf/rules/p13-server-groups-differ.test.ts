import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { serverGroupsDiffer } from "./p13-server-groups-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    serverGroupsDiffer.bad.map((texts) => toldOfNodes("P13", [texts].flat())),
    [
      [
        "node1.conf:3 warning: `192.0.2.17 443` of the group `web` stands on node1.conf, and not on node2.conf (node2.conf:1 the group on node2.conf)",
      ],
    ],
  );
});
