import assert from "node:assert/strict";
import { test } from "node:test";
import { openAlarm } from "./alarm.ts";
import { loadSyscalls } from "./ffi/syscalls.ts";

const syscalls = loadSyscalls();

/** Resolves with the moment of the first alarm. */
function firedAtMs(delayMs: number): Promise<{ readonly atMs: number; readonly firedMs: number }> {
  return new Promise((resolve) => {
    const atMs = syscalls.monotonicMs() + delayMs;
    const alarm = openAlarm(syscalls, () => {
      alarm.close();
      resolve({ atMs, firedMs: syscalls.monotonicMs() });
    });
    alarm.set(atMs);
  });
}

test("an alarm fires, and not before its time", async () => {
  for (const delayMs of [0.2, 0.7, 1.3, 5.9, 12.01]) {
    const { atMs, firedMs } = await firedAtMs(delayMs);
    assert.ok(firedMs >= atMs, `${atMs - firedMs} ms early`);
  }
});

test("a time in the past fires at once, even before the machine started", async () => {
  await firedAtMs(-5);
  await firedAtMs(Number.NEGATIVE_INFINITY);
});

test("setting again replaces the time, and undefined takes it back", async () => {
  let count = 0;
  const cancelled = openAlarm(syscalls, () => count++);
  cancelled.set(syscalls.monotonicMs() + 1);
  cancelled.set(undefined);
  const replaced = openAlarm(syscalls, () => (count += 100));
  replaced.set(syscalls.monotonicMs() + 1);
  replaced.set(syscalls.monotonicMs() + 3_600_000);
  await firedAtMs(20);
  assert.equal(count, 0);
  replaced.set(0);
  await firedAtMs(5);
  assert.equal(count, 100);
  cancelled.close();
  replaced.close();
});
