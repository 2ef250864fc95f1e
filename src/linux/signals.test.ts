import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSyscalls } from "./ffi/syscalls.ts";
import { firstRealTimeSignal, lastRealTimeSignal, openSignals } from "./signals.ts";

const heard: number[] = [];
const signals = openSignals(loadSyscalls(), (signal) => heard.push(signal));

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let i = 0; i < 2000 && !holds(); i++) await new Promise((next) => setTimeout(next, 2));
  return holds();
}

test("real-time signals are heard by number, and ignored ones do not end the process", async () => {
  for (let n = firstRealTimeSignal; n <= lastRealTimeSignal; n++) signals.ignore(n);
  signals.hear(firstRealTimeSignal + 2);
  process.kill(process.pid, firstRealTimeSignal + 4);
  process.kill(process.pid, firstRealTimeSignal + 2);
  assert.ok(await eventually(() => heard.length > 0));
  process.kill(process.pid, firstRealTimeSignal + 2);
  assert.ok(await eventually(() => heard.length > 1));
  assert.deepEqual(heard, [firstRealTimeSignal + 2, firstRealTimeSignal + 2]);
});

test("a signal that does not exist cannot be heard", () => {
  assert.throws(() => signals.hear(99), /sigaction\(99\): EINVAL/);
});
