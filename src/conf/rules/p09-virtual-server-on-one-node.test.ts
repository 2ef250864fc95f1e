import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { virtualServerOnOneNode } from "./p09-virtual-server-on-one-node.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualServerOnOneNode.bad.map((texts) => toldOfNodes("P09", [texts].flat())),
    [
      [
        "node1.conf:11 warning: the virtual server TCP 192.0.2.17:80 stands on node1.conf, and not on node2.conf (node2.conf:1 node2.conf may hold the address)",
      ],
    ],
  );
});
