import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { addressWithoutPrefix } from "./v25-address-without-prefix.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    addressWithoutPrefix.bad.map((text) => told("V25", String(text))),
    [["7 192.0.2.17: `192.0.2.17` has no prefix length"]],
  );
});
