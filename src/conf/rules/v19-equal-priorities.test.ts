import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { equalPriorities } from "./v19-equal-priorities.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    equalPriorities.bad.map((texts) => toldOfNodes("V19", [texts].flat())),
    [
      [
        "node2.conf:5 warning: node1.conf and node2.conf have the same priority for `VI_1`: 100 (node1.conf:5 100 on node1.conf)",
      ],
    ],
  );
});

test("two owners are an error", () => {
  const owner = instanceWith("").replace("priority 100", "priority 255");
  assert.match(toldOfNodes("V19", [owner, owner])[0] ?? "", /^node2.conf:5 error/);
});

test("a priority that is left out is 100", () => {
  const bare = instanceWith("").replace(/ *priority 100\n/, "");
  assert.equal(toldOfNodes("V19", [instanceWith(""), bare]).length, 1);
});

test("an open priority may be any", () => {
  const open = instanceWith("").replace("priority 100", "priority $P");
  assert.deepEqual(toldOfNodes("V19", [open, open]), []);
});

test("priorities on lines for other ids are not known", () => {
  const byId = instanceWith("").replace(
    "    priority 100\n",
    "@one priority 150\n@two priority 100\n",
  );
  assert.deepEqual(toldOfNodes("V19", [byId, byId]), []);
});
