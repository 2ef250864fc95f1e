import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { noVirtualRouterId } from "./v01-no-virtual-router-id.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    noVirtualRouterId.bad.map((text) => told("V01", String(text))),
    [
      ["1 VI_1: the instance `VI_1` has no `virtual_router_id`"],
      ["4 256: `virtual_router_id 256` is out of range"],
    ],
  );
});
