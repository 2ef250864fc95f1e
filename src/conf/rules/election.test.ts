import assert from "node:assert/strict";
import { test } from "node:test";
import { changeBy } from "./election.ts";

test("a positive weight is added while all is well, a negative one counts on failure", () => {
  const changes = (weight: number, reverse: boolean): readonly number[] =>
    [false, true].map((failed) => changeBy({ weight, reverse }, failed));
  assert.deepEqual(changes(20, false), [20, 0]);
  assert.deepEqual(changes(-20, false), [0, -20]);
  assert.deepEqual(changes(20, true), [0, 20]);
  assert.deepEqual(changes(-20, true), [-20, 0]);
});
