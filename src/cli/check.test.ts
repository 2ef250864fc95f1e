import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCheck } from "./check.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-check-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function check(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const status = await runCheck(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    isTty: false,
  });
  return { status, out, err };
}

const instance = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        10.0.0.1
    }
`;

test("a clean file and one with warnings give status 0", async () => {
  const clean = await check("-f", file("clean.conf", `${instance}}\n`));
  assert.equal(clean.status, 0);
  assert.match(clean.out, /^0 errors, 0 warnings in 1 file \(7 lines, \d+ ms\)\n$/);
  const warned = await check(file("warned.conf", `${instance}    nopremept\n}\n`));
  assert.equal(warned.status, 0);
  assert.match(warned.out, /did you mean `nopreempt`\?/);
});

test("an error gives status 1; all findings of all files are told", async () => {
  const open = file("open.conf", instance);
  const bad = file("bad.conf", `${instance}    priority 256\n    advert_int x\n}\n`);
  const { status, out } = await check("--format=short", open, bad);
  assert.equal(status, 1);
  assert.match(out, /open\.conf:1:20: error\[unterminated-block\]/);
  assert.match(out, /bad\.conf:7:14: error\[value-out-of-range\]/);
  assert.match(out, /bad\.conf:8:16: error\[not-a-number\]/);
});

test("includes are read relative to the including file, patterns too", async () => {
  mkdirSync(join(folder, "conf.d"));
  file("conf.d/1.conf", `${instance}    nopremept\n}\n`);
  const { out } = await check(file("main.conf", "include conf.d/*.conf\n"), "--format", "json");
  const { diagnostics, summary } = JSON.parse(out);
  assert.equal(summary.files, 2);
  assert.equal(diagnostics[0].span.file, join(folder, "conf.d/1.conf"));
});

test("a missing file is an error with its reason", async () => {
  const { status, out } = await check(join(folder, "none.conf"), "--format", "short");
  assert.equal(status, 1);
  assert.match(out, /error\[file-not-readable\].*there is no such file/);
});

test("wrong usage gives status 2 and says how to use it", async () => {
  for (const args of [[], ["--format", "xml", "x"], ["--wrong"], ["-f"]]) {
    const { status, err } = await check(...args);
    assert.equal(status, 2);
    assert.match(err, /usage: keelson check/);
  }
});
