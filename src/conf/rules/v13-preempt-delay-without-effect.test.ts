import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { preemptDelayWithoutEffect } from "./v13-preempt-delay-without-effect.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    preemptDelayWithoutEffect.bad.map((text) => told("V13", String(text))),
    [
      ["10 preempt_delay: `preempt_delay` does not work with `nopreempt`"],
      ["9 preempt_delay: `preempt_delay` does not work with `state MASTER`"],
    ],
  );
});
