// Every input that once reached something new is judged again: what holds for all texts holds for them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keptInputs } from "./corpus.ts";
import { judge } from "./properties.ts";

test("the properties of all texts hold for the kept corpus", () => {
  const inputs = keptInputs();
  assert.ok(inputs.length > 0, "the corpus is there");
  for (const input of inputs)
    assert.doesNotThrow(() => {
      judge(input);
    }, input.text);
});
