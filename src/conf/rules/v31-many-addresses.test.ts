import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { manyAddresses } from "./v31-many-addresses.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    manyAddresses.bad.map((text) => told("V31", String(text))),
    [["27 192.0.2.37/24: `VI_1` advertises 21 addresses"]],
  );
});
