import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEvent } from "../world/log.ts";
import { RepairBook } from "./repair-book.ts";
import { RepeatLimiter } from "./repeat-limiter.ts";

test("what is found twice a second is one entry with a count, and a line a minute", () => {
  const log: LogEvent[] = [];
  const book = new RepairBook({ write: (event) => log.push(event) });
  const other = { found: "server gone", done: "added", ok: true } as const;
  book.add({ ...other, atMs: 0 });
  for (let i = 0; i <= 240; i++)
    book.add({ atMs: 1000 + i * 500, found: "map damaged", done: `try ${i}`, ok: false });
  assert.deepEqual(book.records, [
    { ...other, atMs: 0 },
    {
      atMs: 1000,
      found: "map damaged",
      done: "try 240",
      ok: false,
      count: 241,
      lastAtMs: 121_000,
    },
  ]);
  assert.deepEqual(
    log.map((event) => event.text),
    [
      "server gone; repaired: added",
      "map damaged; not repaired: try 0",
      "map damaged; not repaired: try 120 (120 times since it was told last)",
      "map damaged; not repaired: try 240 (120 times since it was told last)",
    ],
  );
});

test("the same finding after a while, or with another outcome, is an entry of its own", () => {
  const log: LogEvent[] = [];
  const book = new RepairBook({ write: (event) => log.push(event) });
  book.add({ atMs: 0, found: "gone", done: "refused", ok: false });
  book.add({ atMs: 500, found: "gone", done: "added", ok: true });
  book.add({ atMs: 3_600_000, found: "gone", done: "added", ok: true });
  assert.equal(book.records.length, 3);
  assert.equal(log.length, 3);
});

test("the book has a last page", () => {
  const book = new RepairBook({ write: () => undefined });
  for (let i = 0; i < 250; i++) book.add({ atMs: i, found: `thing ${i}`, done: "added", ok: true });
  assert.equal(book.records.length, 100);
  assert.equal(book.records[99]?.found, "thing 249");
});

test("a limiter lets through what it does not know", () => {
  const limiter = new RepeatLimiter(10_000);
  assert.equal(limiter.admit("a", 0), 1);
  assert.equal(limiter.admit("b", 1), 1);
  assert.equal(limiter.admit("a", 9999), undefined);
  assert.equal(limiter.admit("a", 10_000), 2);
});
