import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { nopreemptOnTheLowerNode } from "./v11-nopreempt-on-the-lower-node.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    nopreemptOnTheLowerNode.bad.map((texts) => toldOfNodes("V11", [texts].flat())),
    [
      [
        "node2.conf:9 warning: `nopreempt` has no effect on node2.conf, because node1.conf has the higher priority (node1.conf:5 node1.conf has 100 and no `nopreempt`)",
      ],
    ],
  );
});

test("on the highest node alone it works for two nodes, and not for three", () => {
  const node = (lines: string, priority: number): string =>
    instanceWith(lines).replace("priority 100", `priority ${priority}`);
  const two = toldOfNodes("V11", [node("nopreempt", 100), node("", 90)]);
  assert.match(two[0] ?? "", /^node2.conf:1 advice: `nopreempt` is missing on node2.conf/);
  const three = toldOfNodes("V11", [node("nopreempt", 100), node("", 90), node("nopreempt", 80)]);
  assert.match(three[0] ?? "", /^node2.conf:1 warning/);
});
