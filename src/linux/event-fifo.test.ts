import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { EventFifoFile } from "./event-fifo.ts";

const directory = mkdtempSync(join(tmpdir(), "keelson-fifo-"));
after(() => rmSync(directory, { recursive: true, force: true }));
let fifos = 0;

function freshPath(): string {
  return join(directory, `fifo-${fifos++}`);
}

function opened(path: string, mine = false): EventFifoFile {
  const fifo = EventFifoFile.open({ path }, mine);
  assert.ok(fifo.ok, fifo.ok ? "" : fifo.fault);
  return fifo.value;
}

/** What a reader gets that comes for so many lines. */
function read(path: string, lines: number): string {
  return execFileSync("head", ["-n", String(lines), path], { encoding: "utf8" });
}

test("it is made for its owner alone, and removed at the end", () => {
  const path = freshPath();
  const fifo = opened(path);
  const stats = lstatSync(path);
  assert.equal(stats.isFIFO(), true);
  assert.equal(stats.mode & 0o777, 0o600);
  fifo.remove();
  assert.equal(existsSync(path), false);
});

test("lines wait for a reader that comes later", () => {
  const path = freshPath();
  const fifo = opened(path);
  for (const line of ["one\n", "two\n"]) assert.deepEqual(fifo.write(line).ok, true);
  assert.equal(read(path, 2), "one\ntwo\n");
  fifo.remove();
});

test("a full FIFO takes no part of a line, and takes lines again once somebody has read", () => {
  const path = freshPath();
  const fifo = opened(path);
  const line = `${"x".repeat(99)}\n`;
  let written = 0;
  for (;;) {
    const outcome = fifo.write(line);
    assert.ok(outcome.ok);
    if (outcome.value === "full") break;
    written++;
    assert.ok(written < 100_000, "it is full at some time");
  }
  assert.equal(read(path, written), line.repeat(written));
  const again = fifo.write("again\n");
  assert.ok(again.ok && again.value === "written");
  assert.equal(read(path, 1), "again\n");
  fifo.remove();
});

test("one that was there stays, unless an earlier process of ours has made it", () => {
  const path = freshPath();
  execFileSync("mkfifo", [path]);
  opened(path).remove();
  assert.equal(existsSync(path), true);
  opened(path, true).remove();
  assert.equal(existsSync(path), false);
});

test("it can belong to another account", (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const path = freshPath();
  const fifo = EventFifoFile.open({ path, user: "nobody" }, false);
  assert.ok(fifo.ok);
  assert.equal(lstatSync(path).uid, 65_534);
  fifo.value.remove();
});

test("what is no FIFO, leads elsewhere, or cannot be made is refused with a reason", () => {
  const faultOf = (path: string, user?: string): string => {
    const fifo = EventFifoFile.open({ path, ...(user === undefined ? {} : { user }) }, false);
    assert.equal(fifo.ok, false);
    return fifo.ok ? "" : fifo.fault;
  };
  const file = freshPath();
  writeFileSync(file, "");
  assert.equal(faultOf(file), `${file} is no FIFO and is not used`);
  const real = freshPath();
  execFileSync("mkfifo", [real]);
  const link = freshPath();
  symlinkSync(real, link);
  assert.equal(faultOf(link), `cannot open ${link}: ELOOP`);
  assert.match(faultOf(join(directory, "missing", "fifo")), /cannot make .*No such file/);
  assert.equal(faultOf(freshPath(), "no-such-user"), "no such user: no-such-user");
});

test("a FIFO of somebody else gets nothing", (t) => {
  if (process.getuid?.() !== 0) return t.skip("needs root");
  const path = freshPath();
  execFileSync("mkfifo", [path]);
  execFileSync("chown", ["nobody", path]);
  const fifo = EventFifoFile.open({ path }, false);
  assert.ok(!fifo.ok);
  assert.equal(fifo.fault, `${path} belongs to somebody else and is not used`);
});
