import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runKeepalived } from "./keepalived.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-keepalived-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const status = await runKeepalived(args, {
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
    virtual_router_id 17
    virtual_ipaddress {
        192.0.2.1/24
    }
`;

test("a file without fault says nothing, and one with faults what keepalived says, with its status", async () => {
  assert.deepEqual(await run("-t", "-f", file("good.conf", `${instance}}\n`)), {
    status: 0,
    out: "",
    err: "",
  });
  const path = file("bad.conf", `${instance}    blurb\n}\nblurb\n`);
  const bad = await run("-lt", `--use-file=${path}`);
  assert.equal(bad.status, 5);
  assert.match(bad.err, /^\(Line 9\) Unknown keyword 'blurb'\n/);
  assert.ok(bad.err.includes(`(${path}: Line 7) Unknown keyword 'blurb'\n`));
});

test("a missing argument gives 2, a script without script security 6, a missing file 4", async () => {
  assert.equal((await run("-t", "-f", file("arg.conf", `${instance}priority\n}\n`))).status, 2);
  const script = file("script.conf", `${instance}    notify_master "/bin/sh -c :"\n}\n`);
  const security = await run("-t", "-f", script);
  assert.equal(security.status, 6);
  assert.match(security.err, /^SECURITY VIOLATION - /m);
  const missing = await run("-t", "-f", join(folder, "none.conf"));
  assert.equal(missing.status, 4);
  assert.match(missing.err, /^Config files missing '.*none\.conf'\.\n$/);
});

test("a script that this machine does not have is disabled, as keepalived would", async () => {
  const path = file(
    "gone.conf",
    `vrrp_script chk {\n script "/nowhere/chk"\n}\n${instance}    track_script {\n chk\n }\n}\n`,
  );
  const { status, err } = await run("-t", "-f", path);
  assert.equal(status, 5);
  assert.match(err, /^Disabling track script chk since not found\/accessible$/m);
});

test("lines for another id do not count", async () => {
  const path = file("ids.conf", `@lb1 blurb\n${instance}}\n`);
  assert.equal((await run("-t", "-f", path, "-i", "lb2")).status, 0);
  assert.equal((await run("-t", "-f", path, "-i", "lb1")).status, 5);
});

test("lines of an unknown block are unknown as well, and so are spellings that 2.2.7 gave up", async () => {
  const lines = `${instance}    lvs_sync_daemon_interface eth0\n}\nblurb {\n    foo 1\n}\n`;
  const { err, status } = await run("-t", "-f", file("unknown.conf", lines));
  assert.equal(status, 5);
  for (const line of [
    "(Line 9) Unknown keyword 'blurb'",
    "(Line 9) Unexpected '{' - ignoring",
    "Line 10) Unknown keyword 'foo'",
    "(Line 11) Unknown keyword '}'",
    "Line 7) (VI_1) Specifying lvs_sync_daemon_interface against a vrrp is deprecated.",
  ])
    assert.ok(err.includes(line), `${line} in\n${err}`);
});

test("a comment for Keelson does not silence keepalived", async () => {
  const text = `${instance}    # keelson-disable-next-line S01 comes later\n    blurb\n}\n`;
  assert.match((await run("-t", "-f", file("aside.conf", text))).err, /Unknown keyword 'blurb'/);
});

test("the result of a test can go to a file", async () => {
  const log = join(folder, "log");
  const path = file("log.conf", `${instance}}\nblurb\n`);
  assert.equal((await run(`--config-test=${log}`, "-f", path)).err, "");
  assert.equal(readFileSync(log, "utf8"), "(Line 8) Unknown keyword 'blurb'\n");
});

test("exporters learn version and signals", async () => {
  const version = await run("--version");
  assert.match(version.err, /^Keepalived v\d+\.\d+\.\d+ \(/);
  assert.equal(version.status, 0);
  assert.match(version.err, /--enable-json/);
  assert.deepEqual(await run("--signum=DATA"), { status: 0, out: "10\n", err: "" });
  assert.equal((await run("--signum", "NOPE")).status, 1);
  assert.match((await run("-h")).err, /usage: keepalived \[OPTION\.\.\.\]/);
});

test("all options of keepalived are read, and others refused", async () => {
  const path = file("options.conf", `${instance}}\n`);
  assert.equal(
    (await run("-nlDGt", "-p", "/x", "-x", "--no_b", "--perf=all", "-f", path)).status,
    0,
  );
  assert.deepEqual(await run("--nope"), { status: 1, out: "", err: "Unknown option --nope\n" });
  assert.deepEqual(await run("-Z"), { status: 1, out: "", err: "Unknown option -Z\n" });
  assert.equal((await run("-f")).err, "Missing parameter for option -f\n");
  assert.match((await run("-t", "-f", path, "word")).err, /^Unexpected argument\(s\): word \n/);
});
