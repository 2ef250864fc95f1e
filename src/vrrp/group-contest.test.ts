import assert from "node:assert/strict";
import { test } from "node:test";
import {
  atAsking,
  type Contest,
  contestDelayMs,
  NO_CONTEST,
  noteLoss,
  noteMaster,
} from "./group-contest.ts";

function lost(times: number): Contest {
  let contest = NO_CONTEST;
  for (let i = 0; i < times; i++) contest = noteLoss(noteMaster(contest), i * 5000);
  return contest;
}

test("a group that has not lost waits no longer than its members", () => {
  assert.equal(contestDelayMs(NO_CONTEST, "10.0.0.1", 1000), 0);
  assert.equal(contestDelayMs(lost(1), "10.0.0.1", 1000), 0);
});

test("losses spread the waiting of different routers, within bounds", () => {
  for (let times = 1; times < 10; times++)
    for (let host = 1; host < 255; host++) {
      const delayMs = contestDelayMs(lost(times), `10.0.0.${host}`, 1000);
      assert.ok(delayMs >= 0 && delayMs <= 3500, `${delayMs}`);
    }
  const spread = new Set(
    Array.from({ length: 100 }, (_, host) => contestDelayMs(lost(6), `10.0.0.${host}`, 1000)),
  );
  assert.equal(spread.size, 8, "as many different times as there can be");
});

test("any two routers differ after a few losses", () => {
  for (let other = 2; other < 255; other++) {
    const differs = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].some(
      (times) =>
        contestDelayMs(lost(times), "10.0.0.1", 1000) !==
        contestDelayMs(lost(times), `10.0.0.${other}`, 1000),
    );
    assert.ok(differs, `10.0.0.${other}`);
  }
});

test("a yield counts once for all members", () => {
  const once = noteLoss(noteMaster(noteMaster(NO_CONTEST)), 100);
  assert.equal(noteLoss(once, 100).losses, 1);
});

test("whoever was heard after the loss has won, and there is no contest any more", () => {
  const contest = lost(3);
  const goodbyeAtMs = contest.lostAtMs + 20;
  assert.equal(atAsking(contest, goodbyeAtMs, 1000), contest);
  assert.equal(atAsking(contest, contest.lostAtMs + 900, 1000), NO_CONTEST);
  assert.equal(atAsking(NO_CONTEST, 0, 1000), NO_CONTEST);
});
