import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { trackingDiffers } from "./p08-tracking-differs.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    trackingDiffers.bad.map((texts) => toldOfNodes("P08", [texts].flat())),
    [
      [
        "node1.conf:20 advice: the script `chk` is tracked on node1.conf and not on node2.conf (node2.conf:1 node2.conf does not track it)",
      ],
    ],
  );
});
