import assert from "node:assert/strict";
import { test } from "node:test";
import { longestGapMs, type RequestRecord, summarizeTraffic } from "./traffic.ts";

function record(sentMs: number, outcome: string, answer = "web1"): RequestRecord {
  return { sentMs, endMs: sentMs + 1, outcome, source: "-", answer };
}

test("the longest gap counts from the start and up to the end of the stretch", () => {
  assert.equal(longestGapMs([10, 20, 30], 0, 35), 10);
  assert.equal(longestGapMs([30], 0, 35), 30);
  assert.equal(longestGapMs([5], 0, 100), 95);
  assert.equal(longestGapMs([], 0, 100), 100);
});

test("answers outside the stretch close no gap inside it", () => {
  assert.equal(longestGapMs([-5, 40, 200], 0, 100), 60);
});

test("a summary counts by page and by reason, and shows where the loss was", () => {
  const records = [
    record(0, "ok"),
    record(20, "ok", "web2"),
    record(40, "timeout", ""),
    record(60, "ECONNREFUSED", ""),
    record(80, "ok"),
    record(100, "ok"),
  ];
  const summary = summarizeTraffic(records, 0, 100);
  assert.equal(summary.sent, 5);
  assert.equal(summary.answered, 3);
  assert.equal(summary.lost, 2);
  assert.equal(summary.outageMs, 60);
  assert.deepEqual(
    [...summary.byAnswer],
    [
      ["web1", 2],
      ["web2", 1],
    ],
  );
  assert.deepEqual(
    [...summary.byLoss],
    [
      ["ECONNREFUSED", 1],
      ["timeout", 1],
    ],
  );
  const parts = summary.timeline.filter((share) => share !== undefined);
  assert.deepEqual(parts, [1, 1, 0, 0, 1]);
});
