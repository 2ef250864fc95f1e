import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { coalesce } from "./coalesce.ts";

test("a thousand requests run once at once and once afterwards", async () => {
  let runs = 0;
  const ask = coalesce(async () => {
    runs++;
  }, 5);
  for (let i = 0; i < 1000; i++) ask();
  assert.equal(runs, 1);
  while (runs < 2) await delay(1);
  await delay(20);
  assert.equal(runs, 2);
  ask();
  assert.equal(runs, 3);
});

test("a run that fails does not stop the next one, and two never overlap", async () => {
  let running = 0;
  let runs = 0;
  const ask = coalesce(async () => {
    running++;
    assert.equal(running, 1);
    await delay(5);
    running--;
    runs++;
    throw new Error("no answer");
  }, 1);
  ask();
  ask();
  while (runs < 2) await delay(1);
  assert.equal(running, 0);
});
