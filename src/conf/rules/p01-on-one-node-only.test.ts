import assert from "node:assert/strict";
import { test } from "node:test";
import { toldOfNodes } from "../../../test/rules/told-of-nodes.ts";
import { instanceWith } from "./example-texts.ts";
import { onOneNodeOnly } from "./p01-on-one-node-only.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    onOneNodeOnly.bad.map((texts) => toldOfNodes("P01", [texts].flat())),
    [["node1.conf:10 warning: `VI_2` stands on node1.conf only"]],
  );
});

test("files that have nothing in common are told so once", () => {
  const other = (instanceWith("", "A", 20) + instanceWith("", "B", 21)).replaceAll("eth0", "eth9");
  assert.deepEqual(toldOfNodes("P01", [instanceWith(""), other]), [
    "node2.conf:1 warning: node1.conf and node2.conf have no instance in common (node1.conf:1 neither its address, nor its VRID, nor its name is there)",
  ]);
});

test("a node with an instance that cannot be told may have it", () => {
  const open = instanceWith("", "VI_2", 18).replace(
    "virtual_router_id 18",
    "virtual_router_id $ID",
  );
  const texts = [instanceWith("") + instanceWith("", "VI_2", 18), instanceWith("") + open];
  assert.deepEqual(toldOfNodes("P01", texts), []);
});

test("one file alone is no pair", () => {
  assert.deepEqual(toldOfNodes("P01", [instanceWith("")]), []);
});
