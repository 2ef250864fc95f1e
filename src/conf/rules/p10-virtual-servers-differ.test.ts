import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { virtualServersDiffer } from "./p10-virtual-servers-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualServersDiffer.bad.map((texts) => toldOfNodes("P10", [texts].flat())),
    [
      [
        "node2.conf:12 warning: `lb_algo` of TCP 192.0.2.17:80 differs between node1.conf and node2.conf (node1.conf:12 `lb_algo rr` on node1.conf)",
      ],
      [
        "node2.conf:11 warning: `persistence_timeout` of TCP 192.0.2.17:80 differs between node1.conf and node2.conf (node1.conf:17 `persistence_timeout 60` on node1.conf)",
      ],
    ],
  );
});
