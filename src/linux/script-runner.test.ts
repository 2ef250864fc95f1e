import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { ProcessOutcome } from "../world/process.ts";
import { openScriptRunner } from "./script-runner.ts";

const directory = mkdtempSync(join(tmpdir(), "keelson-script-"));
chmodSync(directory, 0o755);
after(() => rmSync(directory, { recursive: true, force: true }));
const runner = openScriptRunner();
let scripts = 0;

/** Writes a shell script and answers its path. */
function script(text: string): string {
  const path = join(directory, `script-${scripts++}.sh`);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

function run(
  command: readonly string[],
  timeoutMs = 20_000,
  user?: string,
): Promise<ProcessOutcome> {
  const request = { command, timeoutMs, ...(user === undefined ? {} : { user }) };
  return new Promise((done) => runner.run(request, done));
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, `not within 20 s: ${what}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

/** Zombies count as ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "latin1"));
  } catch {
    return false;
  }
}

test("exit status 0 is a success, any other a failure that is named", async () => {
  assert.deepEqual(await run([script("exit 0")]), { success: true, text: "exit status 0" });
  assert.deepEqual(await run([script("exit 2")]), { success: false, text: "exit status 2" });
});

test("death by a signal is a failure", async () => {
  assert.deepEqual(await run([script("kill -SEGV $$")]), {
    success: false,
    text: "killed by SIGSEGV",
  });
});

test("what cannot be executed is a failure that names the file", async () => {
  const missing = join(directory, "missing");
  assert.deepEqual(await run([missing]), {
    success: false,
    text: `refused: ${missing} does not exist`,
  });
  const plain = script("exit 0");
  chmodSync(plain, 0o644);
  assert.match((await run([plain])).text, /^refused: .* is not executable for /);
  assert.deepEqual(await run([script("exit 0")], 20_000, "no-such-user"), {
    success: false,
    text: "refused: no such user: no-such-user",
  });
});

test("arguments arrive as they are: no shell reads them", async () => {
  const out = join(directory, "arguments");
  await run([script(`printf '%s|' "$@" > ${out}`), "a b", "$(id)", "*;"]);
  assert.equal(readFileSync(out, "utf8"), "a b|$(id)|*;|");
});

test("the environment holds nothing of the daemon's, and there is neither input nor output", async () => {
  const out = join(directory, "environment");
  process.env["KEELSON_SECRET"] = "1";
  await run([script(`echo noise; env > ${out}; readlink /proc/$$/fd/0 >> ${out}`)]);
  delete process.env["KEELSON_SECRET"];
  const text = readFileSync(out, "utf8");
  assert.match(text, /^PATH=\/usr\/local\/sbin:/m);
  assert.doesNotMatch(text, /KEELSON_SECRET|HOME=|NODE_/);
  assert.match(text, /^\/dev\/null$/m);
});

test("a run that takes too long is ended with everything it started", async () => {
  const pids = join(directory, "pids");
  const outcome = await run([script(`sleep 600 & echo $$ $! > ${pids}; sleep 600`)], 2000);
  assert.deepEqual(outcome, { success: false, text: "timed out after 2 s" });
  for (const pid of readFileSync(pids, "utf8").trim().split(" ").map(Number))
    await until(() => !isRunning(pid), `process ${pid} has ended`);
});

test("a script that ignores SIGTERM is killed", async () => {
  const pids = join(directory, "stubborn");
  const outcome = await run(
    [script(`trap '' TERM; echo $$ > ${pids}; while :; do sleep 1; done`)],
    2000,
  );
  assert.equal(outcome.text, "timed out after 2 s");
  const pid = Number(readFileSync(pids, "utf8"));
  await until(() => !isRunning(pid), "the script has ended");
});

test("what a script leaves running when it ends in time stays", async () => {
  const pids = join(directory, "left");
  await run([script(`sleep 600 & echo $! > ${pids}; exit 0`)]);
  const pid = Number(readFileSync(pids, "utf8"));
  assert.ok(isRunning(pid));
  process.kill(pid, "SIGKILL");
});

test("a cancelled run is ended and reports nothing", async () => {
  const pids = join(directory, "cancelled");
  const running = runner.run(
    { command: [script(`echo $$ > ${pids}; exec sleep 600`)], timeoutMs: 20_000 },
    () => assert.fail("called after cancel"),
  );
  await until(() => existsSync(pids) && readFileSync(pids, "utf8").endsWith("\n"), "it runs");
  running.cancel();
  running.cancel();
  const pid = Number(readFileSync(pids, "utf8"));
  await until(() => !isRunning(pid), "the script has ended");
});

test("a script runs as the account it is given", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const out = join(directory, "account");
  writeFileSync(out, "");
  chmodSync(out, 0o666);
  assert.equal(
    (await run([script(`id -u > ${out}; id -G >> ${out}`)], 20_000, "nobody")).text,
    "exit status 0",
  );
  assert.equal(readFileSync(out, "utf8"), "65534\n65534\n");
});

test("a script has the groups of its user where that is wished, and no others", async (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const user = userWithGroups();
  if (user === undefined) return t.skip("no user of this machine has supplementary groups");
  const groupsOf = async (supplementaryGroups: boolean): Promise<string> => {
    const out = join(directory, `groups-${supplementaryGroups}`);
    writeFileSync(out, "");
    chmodSync(out, 0o666);
    const settings = { security: false, symlinkPaths: false, supplementaryGroups };
    const command = [script(`id -un > ${out}; id -G >> ${out}; exit 7`)];
    const outcome = await new Promise<ProcessOutcome>((done) =>
      runner.run({ command, timeoutMs: 20_000, user, settings }, done),
    );
    assert.equal(outcome.text, "exit status 7");
    return readFileSync(out, "utf8");
  };
  const all = execFileSync("id", ["-G", user], { encoding: "utf8" });
  assert.equal(await groupsOf(true), `${user}\n${all}`);
  assert.equal(await groupsOf(false), `${user}\n${all.split(" ")[0]}\n`);
});

/** The name of a user who is in more groups than its own. */
function userWithGroups(): string | undefined {
  for (const line of readFileSync("/etc/group", "utf8").split("\n")) {
    const [group, , , members = ""] = line.split(":");
    const [user] = members.split(",");
    if (user !== undefined && user !== "" && user !== "root" && user !== group) return user;
  }
  return undefined;
}

test("what the caller adds to the environment stands beside PATH", async () => {
  const out = join(directory, "added-environment");
  const request = { command: [script(`env > ${out}`)], timeoutMs: 20_000 };
  const environment = { KEELSON_CAUSE: "master-down" };
  await new Promise((done) => runner.run({ ...request, environment }, done));
  assert.match(readFileSync(out, "utf8"), /^KEELSON_CAUSE=master-down$/m);
  assert.match(readFileSync(out, "utf8"), /^PATH=/m);
});
