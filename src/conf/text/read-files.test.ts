import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileReader } from "./read-files.ts";

const folder = mkdtempSync(join(tmpdir(), "read-files-"));
after(() => rmSync(folder, { recursive: true }));
const files = fileReader(fs, { HERE: "yes" });

function faultOf(path: string): string | undefined {
  const read = files.readFile(path);
  return read.ok ? undefined : read.fault.text;
}

test("a regular file is read, and a missing one is a fault", () => {
  writeFileSync(join(folder, "a.conf"), "text");
  assert.deepEqual(files.readFile(join(folder, "a.conf")), { ok: true, value: "text" });
  assert.equal(faultOf(join(folder, "b.conf")), "there is no such file");
  assert.equal(faultOf(join(folder, "a.conf", "b")), "there is no such file");
});

test("what would be waited for is refused: nobody may ever write to it", () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  assert.equal(faultOf(pipe), "it is no regular file");
  assert.equal(faultOf("/dev/zero"), "it is no regular file");
  assert.equal(faultOf(folder), "it is a directory");
});

test("a pattern lists files, no directories, and nothing where nothing can be read", () => {
  writeFileSync(join(folder, "c.conf"), "");
  assert.deepEqual(files.listFiles?.(join(folder, "*.conf")), [
    join(folder, "a.conf"),
    join(folder, "c.conf"),
  ]);
  assert.deepEqual(files.listFiles?.(join(folder, "none", "*")), []);
});

test("the environment is what the caller gives", () => {
  assert.equal(files.environment?.("HERE"), "yes");
  assert.equal(files.environment?.("ELSEWHERE"), undefined);
});
