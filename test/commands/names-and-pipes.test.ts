// The program as a shell starts it: under its own name, under keepalived's, and with a reader that goes away.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../../bin/keelson", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "keelson-names-"));
after(() => rmSync(folder, { recursive: true }));

const broken = join(folder, "broken.conf");
writeFileSync(broken, "blurb 1\n".repeat(2000));

function run(command: string, ...args: string[]): ReturnType<typeof spawnSync> {
  return spawnSync(command, args, { encoding: "utf8", timeout: 60_000 });
}

test("a link named keepalived answers to keepalived's command line", () => {
  const link = join(folder, "keepalived");
  symlinkSync(program, link);
  const version = run(link, "-v");
  assert.match(String(version.stderr), /^Keepalived v/);
  const tested = run(link, "-t", "-f", broken);
  assert.equal(tested.status, 5);
  assert.match(String(tested.stderr), /^\(Line 1\) Unknown keyword 'blurb'\n/);
});

test("each command has its page, also behind `help`", () => {
  for (const args of [
    ["check", "--help"],
    ["help", "check"],
    ["run", "--help"],
    ["fmt", "-h"],
  ]) {
    const { status, stdout } = run(program, ...args);
    assert.equal(status, 0, args.join(" "));
    assert.match(String(stdout), /^usage: keelson /);
  }
});

test("a reader that has seen enough is no error", () => {
  const { stdout, stderr } = run("sh", "-c", `"${program}" check --all "${broken}" | head -n 1`);
  assert.match(String(stdout), /^\w+\[\w+\]: .*\n$/);
  assert.equal(stderr, "");
});

test("standard input is judged like a file", () => {
  const { status, stdout } = spawnSync(program, ["check", "--format", "short", "-"], {
    input: "vrrp_instance V {\n",
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stdout, /^<stdin>:1:\d+: error\[/);
});
