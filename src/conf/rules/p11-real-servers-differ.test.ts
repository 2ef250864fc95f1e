import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { realServersDiffer } from "./p11-real-servers-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    realServersDiffer.bad.map((texts) => toldOfNodes("P11", [texts].flat())),
    [
      [
        "node2.conf:17 warning: the real server 198.51.100.2:80 of TCP 192.0.2.17:80 stands on node2.conf, and not on node1.conf (node1.conf:11 node1.conf does not have it)",
        "node1.conf:17 warning: the real server 198.51.100.1:80 of TCP 192.0.2.17:80 stands on node1.conf, and not on node2.conf (node2.conf:11 node2.conf does not have it)",
      ],
      [
        "node2.conf:18 warning: 198.51.100.1:80 of TCP 192.0.2.17:80 has the weight 5 on node2.conf and 1 on node1.conf (node1.conf:18 1 on node1.conf)",
      ],
    ],
  );
});
