import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { noVirtualAddress } from "./v29-no-virtual-address.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    noVirtualAddress.bad.map((text) => told("V29", String(text))),
    [["1 VI_1: the instance `VI_1` has no virtual address"]],
  );
});
