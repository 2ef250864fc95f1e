import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../base/prng.ts";
import { Deadlines, type Waiting } from "./deadlines.ts";

interface Item extends Waiting {
  readonly name: number;
}

function items(count: number): Item[] {
  return Array.from({ length: count }, (_, name) => ({
    name,
    place: -1,
    wakeAtMs: 0,
    latestMs: 0,
  }));
}

test("due items come in the order of their times, and only once", () => {
  const deadlines = new Deadlines<Item>();
  const [a, b, c] = items(3) as [Item, Item, Item];
  deadlines.set(a, 30);
  deadlines.set(b, 10);
  deadlines.set(c, 20);
  assert.equal(deadlines.earliestMs(), 10);
  assert.deepEqual(deadlines.takeDue(20), [b, c]);
  assert.deepEqual(deadlines.takeDue(20), []);
  assert.equal(deadlines.earliestMs(), 30);
});

test("an item is set anew, forgotten, and dropped with its instance", () => {
  const deadlines = new Deadlines<Item>();
  const [a, b, c] = items(3) as [Item, Item, Item];
  for (const item of [a, b, c]) deadlines.set(item, 10);
  deadlines.set(a, 50);
  deadlines.set(b, undefined);
  assert.deepEqual(deadlines.takeDue(40), [c]);
  deadlines.keep([b, c]);
  assert.equal(deadlines.earliestMs(), undefined);
});

test("who can wait is served together with the next one, and never early", () => {
  const deadlines = new Deadlines<Item>();
  const [a, b, c] = items(3) as [Item, Item, Item];
  deadlines.set(a, 100, 10);
  deadlines.set(b, 107, 10);
  deadlines.set(c, 112, 10);
  assert.equal(deadlines.earliestMs(), 110);
  assert.deepEqual(deadlines.takeDue(110), [a, b]);
  assert.equal(deadlines.earliestMs(), 122);
  deadlines.set(a, 118);
  assert.equal(deadlines.earliestMs(), 118);
  assert.deepEqual(deadlines.takeDue(118), [a, c]);
});

test("whatever is done, the earliest time is that of a plain list", () => {
  const prng = new Prng(7);
  const all = items(40);
  const deadlines = new Deadlines<Item>();
  const plain = new Map<Item, number>();
  for (let i = 0; i < 5000; i++) {
    const item = all[prng.integer(0, 39)] ?? assert.fail("an item");
    const atMs = prng.chance(0.2) ? undefined : prng.integer(0, 100);
    deadlines.set(item, atMs);
    if (atMs === undefined) plain.delete(item);
    else plain.set(item, atMs);
    if (prng.chance(0.1)) {
      const nowMs = prng.integer(0, 60);
      const due = [...plain].filter(([, dueMs]) => dueMs <= nowMs).map(([one]) => one);
      assert.deepEqual(new Set(deadlines.takeDue(nowMs)), new Set(due));
      for (const one of due) plain.delete(one);
    }
    const earliest = plain.size === 0 ? undefined : Math.min(...plain.values());
    assert.equal(deadlines.earliestMs(), earliest);
  }
});
