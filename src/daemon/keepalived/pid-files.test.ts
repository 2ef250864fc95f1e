import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pidFilesFor, removePidFile, runningProcess, writePidFile } from "./pid-files.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-pid-"));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, "keepalived.pid");

test("they stand where keepalived puts them", () => {
  assert.deepEqual(pidFilesFor({}, {}), {
    main: "/run/keepalived.pid",
    vrrp: "/run/vrrp.pid",
    checkers: "/run/checkers.pid",
    bfd: "/run/bfd.pid",
  });
  assert.equal(pidFilesFor({}, { ownDirectory: true }).main, "/run/keepalived/keepalived.pid");
  assert.equal(pidFilesFor({}, { instanceName: "a" }).vrrp, "/run/keepalived/vrrp_a.pid");
  assert.equal(pidFilesFor({}, { namespace: "blue" }).bfd, "/run/keepalived/blue/bfd.pid");
  assert.equal(pidFilesFor({ main: "/x" }, { namespace: "blue" }).main, "/x");
});

test("one that names no process, or a process that is something else, is stale", async () => {
  for (const text of [
    "",
    "garbage",
    "0",
    "-1",
    "4194305\n",
    `${process.pid}\n`,
    `${process.ppid}`,
  ]) {
    writeFileSync(file, text);
    assert.equal(runningProcess(file), undefined, JSON.stringify(text));
  }
  assert.equal(runningProcess(join(folder, "none")), undefined);
});

test("one that names a keepalived is not", async () => {
  const child = spawn(process.execPath, [
    "-e",
    "process.title='keepalived'; console.log('up'); setInterval(() => 0, 1000)",
  ]);
  try {
    await new Promise((resolve) => child.stdout.once("data", resolve));
    writeFileSync(file, `${child.pid}\n`);
    assert.equal(runningProcess(file), child.pid);
  } finally {
    child.kill("SIGKILL");
  }
});

test("it is readable for all, replaces a link instead of following it, and is removed by its owner only", () => {
  const target = join(folder, "target");
  writeFileSync(target, "precious");
  rmSync(file, { force: true });
  symlinkSync(target, file);
  const before = process.umask(0o177);
  try {
    assert.equal(writePidFile(file, 77).ok, true);
  } finally {
    process.umask(before);
  }
  assert.equal(readFileSync(target, "utf8"), "precious");
  assert.equal(lstatSync(file).isSymbolicLink(), false);
  assert.equal(statSync(file).mode & 0o777, 0o644);
  assert.equal(readFileSync(file, "utf8"), "77\n");
  removePidFile(file, 78);
  assert.equal(existsSync(file), true);
  removePidFile(file, 77);
  assert.equal(existsSync(file), false);
  assert.equal(writePidFile(join(folder, "none", "x.pid"), 1).ok, false);
});
