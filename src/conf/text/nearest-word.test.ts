import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearestWord } from "./nearest-word.ts";

test("a swap of neighbours counts as one edit", () => {
  assert.equal(editDistance("priroity", "priority"), 1);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("kitten", "sitting"), 3);
});

test("a word far from all candidates has no nearest one", () => {
  assert.equal(nearestWord("nopremept", ["preempt", "nopreempt", "priority"]), "nopreempt");
  assert.equal(nearestWord("lb_algorythm", ["lb_algo", "lb_kind"]), "lb_algo");
  assert.equal(nearestWord("master", ["MASTER", "BACKUP"]), "MASTER");
  assert.equal(nearestWord("zz", ["rr", "wrr"]), undefined);
  assert.equal(nearestWord("x".repeat(1000), ["x"]), undefined);
});
