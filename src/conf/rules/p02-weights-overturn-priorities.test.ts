import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith, scriptWith } from "./example-texts.ts";
import { weightsOverturnPriorities } from "./p02-weights-overturn-priorities.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    weightsOverturnPriorities.bad.map((texts) => toldOfNodes("P02", [texts].flat())),
    [
      [
        "node2.conf:15 warning: node2.conf is MASTER of `VI_1` while all is well, in spite of its lower priority (node1.conf:5 node1.conf has 100, and 100 with its weights; node2.conf:8 the script `chk` adds 20 on node2.conf)",
      ],
    ],
  );
});

test("sums that are equal are told as such", () => {
  const low = scriptWith('script "/usr/local/bin/check"\nweight 10').replace(
    "priority 100",
    "priority 90",
  );
  assert.match(
    toldOfNodes("P02", [instanceWith(""), low])[0] ?? "",
    /with their weights node1.conf and node2.conf are equal while all is well: 100/,
  );
});

test("with nopreempt on all nodes the priorities decide little", () => {
  const low = scriptWith('script "/usr/local/bin/check"\nweight 20')
    .replace("priority 100", "priority 90")
    .replace("state", "nopreempt\n    state");
  assert.deepEqual(toldOfNodes("P02", [instanceWith("nopreempt"), low]), []);
});
