import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { strictUnicast } from "./v39-strict-unicast.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    strictUnicast.bad.map((text) => told("V39", String(text))),
    [["11 unicast_peer: the strict mode does not allow unicast"]],
  );
});
