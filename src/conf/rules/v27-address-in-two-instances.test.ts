import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { addressInTwoInstances } from "./v27-address-in-two-instances.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    addressInTwoInstances.bad.map((text) => told("V27", String(text))),
    [["16 192.0.2.17/24: `VI_2` and `VI_1` both hold 192.0.2.17"]],
  );
});
