// The lessons of CVE-2018-19044, -19045 and -19046: dumps went through links, were readable for everybody, and were written
// into files that others held open.

import assert from "node:assert/strict";
import {
  chmodSync,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { writeDumpFile } from "./dump-file.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "keelson-dump-"));
  path = join(folder, "keepalived.data");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("CVE-2018-19044: a link in the way is replaced, and what it points to stays as it is", () => {
  const target = join(folder, "shadow");
  writeFileSync(target, "secret");
  symlinkSync(target, path);
  assert.equal(writeDumpFile(path, "dump").ok, true);
  assert.equal(readFileSync(target, "utf8"), "secret");
  assert.equal(lstatSync(path).isSymbolicLink(), false);
  assert.equal(readFileSync(path, "utf8"), "dump");
});

test("CVE-2018-19045: only the owner can read it, whatever the umask", () => {
  const before = process.umask(0);
  try {
    assert.equal(writeDumpFile(path, "dump").ok, true);
  } finally {
    process.umask(before);
  }
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("CVE-2018-19046: who holds the file of that name open reads nothing new", () => {
  writeFileSync(path, "old");
  chmodSync(path, 0o666);
  const fd = openSync(path, "r");
  try {
    assert.equal(writeDumpFile(path, "dump with a lot in it").ok, true);
    assert.equal(fstatSync(fd).size, 3);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  } finally {
    closeSync(fd);
  }
});

test("it is there whole or not at all, and nothing else remains", () => {
  assert.equal(writeDumpFile(path, "1").ok, true);
  assert.equal(writeDumpFile(path, "2").ok, true);
  assert.deepEqual(readdirSync(folder), ["keepalived.data"]);
  mkdirSync(join(folder, "keepalived.json"));
  const refused = writeDumpFile(join(folder, "keepalived.json"), "3");
  assert.match(refused.ok ? "" : refused.fault, /it is a directory/);
  const nowhere = writeDumpFile(join(folder, "none", "x"), "4");
  assert.match(nowhere.ok ? "" : nowhere.fault, /ENOENT/);
  assert.deepEqual(readdirSync(folder).toSorted(), ["keepalived.data", "keepalived.json"]);
});
