import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { handoverMs, masterDownMs, skewMs } from "./timers.ts";

interface Vector {
  readonly v: 2 | 3;
  readonly prio: number;
  readonly aai_cs?: number;
  readonly adv_s?: number;
  readonly skew_ms: number;
  readonly adi_ms?: number;
  readonly mdi_ms?: number;
}

const golden = JSON.parse(
  readFileSync(new URL("../../../test/golden/wire/vrrp-transitions.json", import.meta.url), "utf8"),
) as { readonly timer_vectors: readonly Vector[] };

test("skew and Down interval are exact in both versions, fractions included", () => {
  assert.equal(golden.timer_vectors.length, 15);
  for (const vector of golden.timer_vectors) {
    const intervalMs = vector.v === 2 ? (vector.adv_s ?? 0) * 1000 : (vector.aai_cs ?? 0) * 10;
    assert.equal(skewMs(vector.v, vector.prio, intervalMs), vector.skew_ms);
    const downMs = vector.v === 2 ? vector.mdi_ms : vector.adi_ms;
    assert.equal(masterDownMs(vector.v, vector.prio, intervalMs), downMs);
  }
});

test("a hand-over outlasts the longest skew by an interval, 50 ms at least and 1 s at most", () => {
  assert.equal(handoverMs(3, 10), 9.9609375 + 50);
  assert.equal(handoverMs(3, 100), 99.609375 + 100);
  assert.equal(handoverMs(2, 5000), 996.09375 + 1000);
});
