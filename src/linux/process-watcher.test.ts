import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { test } from "node:test";
import type { ProcessFact } from "../world/tracked-things.ts";
import { openProcessWatcher } from "./process-watcher.ts";

async function until(look: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!look()) {
    assert.ok(performance.now() < deadline, `not within 20 s: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

function startSleep(t: { after(run: () => void): void }, seconds: string): ChildProcess {
  const child = spawn("sleep", [seconds], { stdio: "ignore" });
  t.after(() => child.kill("SIGKILL"));
  return child;
}

test("processes that run, start, end, and become another program are told", async (t) => {
  const before = startSleep(t, "1001");
  await new Promise((done) => before.once("spawn", done));
  let facts: readonly ProcessFact[] = [];
  const watch = openProcessWatcher().watch(
    (now) => {
      facts = now;
    },
    ({ name }) => name === "sleep",
  );
  t.after(() => watch.close());
  const of = (pid: number | undefined): ProcessFact | undefined =>
    facts.find((fact) => fact.pid === pid);
  assert.deepEqual(of(before.pid), { pid: before.pid, name: "sleep", argv: ["sleep", "1001"] });
  assert.equal(of(process.pid)?.argv[0], process.argv0, "its own process is one of them");

  const later = startSleep(t, "1002");
  await until(() => of(later.pid)?.name === "sleep", "the new one is seen");
  before.kill("SIGKILL");
  await until(() => of(before.pid) === undefined, "the ended one is gone");

  const shell = spawn("sh", ["-c", "sleep 0.6; exec sleep 1003"], { stdio: "ignore" });
  t.after(() => shell.kill("SIGKILL"));
  await until(() => of(shell.pid)?.name === "sh", "a shell");
  await until(() => of(shell.pid)?.argv[1] === "1003", "that has become a sleep");
});

test("a zombie does not count", async (t) => {
  // The parent never waits for its child.
  const parent = spawn("sh", ["-c", "sleep 0.1 & exec sleep 1004"], { stdio: "ignore" });
  t.after(() => parent.kill("SIGKILL"));
  let facts: readonly ProcessFact[] = [];
  const watch = openProcessWatcher().watch(
    (now) => {
      facts = now;
    },
    ({ name }) => name === "sleep",
  );
  t.after(() => watch.close());
  await until(() => facts.some(({ argv }) => argv[1] === "1004"), "the parent");
  await until(
    () => !facts.some(({ argv }) => argv[0] === "sleep" && argv[1] === "0.1"),
    "no zombie",
  );
});
