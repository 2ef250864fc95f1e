import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { positiveWeight } from "./v15-positive-weight.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    positiveWeight.bad.map((text) => told("V15", String(text))),
    [
      [
        "8 weight: `weight 20` is added while the script `chk` is well, and not taken away when it fails",
      ],
    ],
  );
});
