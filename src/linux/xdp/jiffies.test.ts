import assert from "node:assert/strict";
import { test } from "node:test";
import { jiffiesPerSecond } from "./jiffies.ts";

/** What the low 32 bits of the kernel's count are, so many seconds after boot. */
function jiffiesAt(seconds: number, rate: number): number {
  return Math.round((((seconds - 300) * rate) % 2 ** 32) + 2 ** 32) % 2 ** 32;
}

test("the rate follows from the count and the time since boot", () => {
  for (const rate of [100, 250, 300, 1000])
    for (const seconds of [20, 120, 500, 86_400, 86_400 * 40])
      assert.equal(jiffiesPerSecond(jiffiesAt(seconds, rate), seconds * 1000), rate);
});

test("some ticks that an early boot lost do not matter", () => {
  assert.equal(jiffiesPerSecond(jiffiesAt(2817.2, 250) - 64, 2_817_200), 250);
});

test("around the wrap, 300 s after boot, the count says nothing", () => {
  assert.equal(jiffiesPerSecond(jiffiesAt(300.5, 250), 300_500), undefined);
});
