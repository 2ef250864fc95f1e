import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { syncGroupsDiffer } from "./p04-sync-groups-differ.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    syncGroupsDiffer.bad.map((texts) => toldOfNodes("P04", [texts].flat())),
    [
      [
        "node1.conf:1 warning: node2.conf has no sync group for the members of `G` (node2.conf:1 on its own on node2.conf)",
      ],
    ],
  );
});

const three = instanceWith("") + instanceWith("", "VI_2", 18) + instanceWith("", "VI_3", 19);
const group = (members: string, line = ""): string =>
  `vrrp_sync_group G {\n    group {\n        ${members}\n    }\n${line}}\n${three}`;

test("another member is told once, and so is another way to weigh", () => {
  assert.deepEqual(toldOfNodes("P04", [group("VI_1 VI_2 VI_3"), group("VI_1 VI_2")]), [
    "node2.conf:1 warning: `G` has other members on node2.conf than on node1.conf (node1.conf:1 node1.conf: VI_1, VI_2, VI_3)",
  ]);
  assert.equal(toldOfNodes("P04", [group("VI_1 VI_2"), group("VI_1 VI_2 VI_3")]).length, 1);
  assert.equal(
    toldOfNodes("P04", [group("VI_1 VI_2", "sync_group_tracking_weight\n"), group("VI_1 VI_2")])
      .length,
    1,
  );
});

test("names of groups and instances may differ", () => {
  const renamed = group("VI_1 VI_2").replaceAll("VI_", "OTHER_").replace("group G", "group H");
  assert.deepEqual(toldOfNodes("P04", [group("VI_1 VI_2"), renamed]), []);
});
