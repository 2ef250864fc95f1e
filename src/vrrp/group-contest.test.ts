import assert from "node:assert/strict";
import { test } from "node:test";
import { contestDelayMs, NO_CONTEST, noteLoss, noteMaster } from "./group-contest.ts";

function lost(times: number): typeof NO_CONTEST {
  let contest = NO_CONTEST;
  for (let i = 0; i < times; i++)
    contest = noteLoss(noteMaster(contest, i * 5000), 1000, i * 5000 + 1);
  return contest;
}

test("a group that has not lost waits no longer than its members", () => {
  assert.equal(contestDelayMs(NO_CONTEST, "10.0.0.1", 1000), 0);
});

test("losses spread the waiting of different routers, within bounds", () => {
  for (let times = 1; times < 10; times++)
    for (let host = 1; host < 255; host++) {
      const delayMs = contestDelayMs(lost(times), `10.0.0.${host}`, 1000);
      assert.ok(delayMs >= 0 && delayMs < 32_000, `${delayMs}`);
    }
  const spread = new Set(
    Array.from({ length: 100 }, (_, host) => contestDelayMs(lost(6), `10.0.0.${host}`, 1000)),
  );
  assert.ok(spread.size > 30, "many different times");
});

test("any two routers differ after a few losses", () => {
  for (let other = 2; other < 255; other++) {
    const differs = [1, 2, 3, 4, 5, 6].some(
      (times) =>
        contestDelayMs(lost(times), "10.0.0.1", 1000) !==
        contestDelayMs(lost(times), `10.0.0.${other}`, 1000),
    );
    assert.ok(differs, `10.0.0.${other}`);
  }
});

test("a yield counts once for all members, and one after a long time as MASTER is the first of another contest", () => {
  const once = noteLoss(noteMaster(NO_CONTEST, 0), 1000, 100);
  assert.equal(noteLoss(once, 1000, 100).losses, 1);
  const many = noteLoss(noteMaster(lost(4), 60_000), 1000, 61_000);
  assert.equal(many.losses, 5);
  assert.equal(noteLoss(noteMaster(many, 100_000), 1000, 200_000).losses, 1);
});
