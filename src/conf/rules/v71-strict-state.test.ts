import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { strictState } from "./v71-strict-state.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    strictState.bad.map((text) => told("V71", String(text))),
    [
      ["2 state: in strict mode only priority 255 goes with `state MASTER`"],
      ["10 accept: the strict mode of version 2 has no `accept`"],
    ],
  );
});
