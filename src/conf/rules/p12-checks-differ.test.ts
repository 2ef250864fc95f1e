import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { checksDiffer } from "./p12-checks-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    checksDiffer.bad.map((texts) => toldOfNodes("P12", [texts].flat())),
    [
      [
        "node2.conf:19 advice: the checks of 198.51.100.1:80 of TCP 192.0.2.17:80 differ between node1.conf and node2.conf (node1.conf:19 `connect_timeout 3` on node1.conf)",
      ],
    ],
  );
});
