import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { masterWithoutPriority } from "./v62-master-without-priority.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    masterWithoutPriority.bad.map((text) => told("V62", String(text))),
    [["2 state: `state MASTER` without `priority` makes the priority 255"]],
  );
});
