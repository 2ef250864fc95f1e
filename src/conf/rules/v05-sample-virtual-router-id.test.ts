import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { sampleVirtualRouterId } from "./v05-sample-virtual-router-id.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    sampleVirtualRouterId.bad.map((text) => told("V05", String(text))),
    [["4 virtual_router_id: VRID 51 is the number of every sample"]],
  );
});
