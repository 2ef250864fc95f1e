import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
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
import { runCheck } from "./check.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-check-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function check(...args: string[]): Promise<Outcome> {
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

function instance(more = "", virtualRouterId = 17): string {
  return `global_defs {
    vrrp_garp_master_refresh 60
}
vrrp_instance VI_1 {
    interface eth0
    virtual_router_id ${virtualRouterId}
    priority 100
${more}    virtual_ipaddress {
        192.0.2.1/24
    }
}
`;
}

test("a clean file and one with warnings give status 0, and warnings 1 when they are to be errors", async () => {
  const clean = await check("-f", file("clean.conf", instance()));
  assert.equal(clean.status, 0);
  assert.match(clean.out, /^0 errors, 0 warnings in 1 file \(11 lines, \d+ ms\)\n$/);
  const warned = file("warned.conf", instance("    priority 90\n"));
  const { status, out } = await check(warned);
  assert.equal(status, 0);
  assert.match(out, /warning\[S11\]/);
  assert.equal((await check("--strict", warned)).status, 1);
});

test("an error gives status 1; all findings of all files are told, file by file in their order", async () => {
  const open = file("open.conf", instance().replace(/\}\n$/, ""));
  const bad = file("bad.conf", instance("    priority 256\n    advert_int x\n"));
  const { status, out } = await check("--format=short", "--separately", open, bad);
  assert.equal(status, 1);
  assert.match(out, /open\.conf:4:20: error\[S05\][\s\S]*bad\.conf:8:14: error\[S17\]/);
  assert.match(out, /bad\.conf:8:14: [\s\S]*bad\.conf:9:16: error\[S23\]/);
});

test("several files are judged together as well, unless they have nothing to do with each other", async () => {
  const a = file("lb1.conf", instance());
  const b = file("lb2.conf", instance("", 18));
  const together = await check("--format", "short", a, b);
  assert.match(together.out, /\[V42\]/);
  const apart = await check("--format", "short", "--separately", a, b);
  assert.equal(apart.out, "");
});

test("includes are read relative to the including file, patterns too, and the way to them is told", async () => {
  mkdirSync(join(folder, "conf.d"));
  const inner = file("conf.d/1.conf", instance("    nopremept\n"));
  const { out } = await check(file("main.conf", "include conf.d/*.conf\n"), "--format", "json");
  const { diagnostics, summary } = JSON.parse(out);
  assert.equal(summary.files, 2);
  const [first] = diagnostics;
  assert.equal(first.spans[0].file, inner);
  assert.equal(first.includedFrom[0].line, 1);
});

test("a missing file is an error with its reason", async () => {
  const { status, out } = await check(join(folder, "none.conf"), "--format", "short");
  assert.equal(status, 1);
  assert.match(out, /error\[S40\].*there is no such file/);
});

test("a comment with a reason puts a finding aside, and the sum says so", async () => {
  const path = file(
    "aside.conf",
    instance("    # keelson-disable-next-line S11 two sites\n    priority 90\n"),
  );
  const { status, out } = await check("--strict", path);
  assert.equal(status, 0);
  assert.match(out, /^0 errors, 0 warnings in 1 file \(.*\); 1 suppressed\n$/);
});

test("--fix mends, shows the change, and leaves mode and links as they are", async () => {
  const path = file("fix.conf", instance("    nopremept\n"));
  chmodSync(path, 0o640);
  const link = join(folder, "link.conf");
  symlinkSync(path, link);
  const dry = await check("--fix", "--dry-run", link);
  assert.match(dry.out, /\n- {4}nopremept\n\+ {4}nopreempt\n/);
  assert.match(readFileSync(path, "utf8"), /nopremept/);
  const { status, out } = await check("--fix", link);
  assert.equal(status, 0);
  assert.match(out, /\n- {4}nopremept\n\+ {4}nopreempt\n[\s\S]*\n0 errors, 0 warnings/);
  assert.match(readFileSync(path, "utf8"), /nopreempt/);
  assert.equal(statSync(path).mode & 0o777, 0o640);
  const again = await check("--fix", "--dry-run", link);
  assert.equal(again.out, "nothing that a machine can mend\n");
});

test("--fix leaves out what would break something else, and mends the rest", async () => {
  // With `state BACKUP` the nopreempt counts, and does not go together with the weight.
  const text = `vrrp_script chk {
    script "/usr/local/bin/chk"
    weight -20
}
${instance("    state MASTER\n    nopreempt\n    track_script {\n        chk\n    }\n    blurb 1;\n    advert_int 2;\n")}`;
  const path = file("partly.conf", text);
  await check("--fix", path);
  const mended = readFileSync(path, "utf8");
  assert.match(mended, /state MASTER\n/);
  assert.match(mended, /advert_int 2\n/);
});

test("--fix stays away from a file that is not UTF-8: it would not come back as it was", async () => {
  const text = Buffer.from(instance("    nopremept # \u00fc\n"), "latin1");
  const path = file("latin.conf", text);
  await check("--fix", path);
  assert.deepEqual(readFileSync(path), text);
});

test("a rule is explained by id or name, with what it says about its example", async () => {
  const { status, out } = await check("--explain", "s17");
  assert.equal(status, 0);
  assert.match(out, /^error\[S17\]: [\s\S]*This is found:[\s\S]*\^\^ [\s\S]*This is fine:/);
  assert.equal((await check("--explain", "value-out-of-range")).out, out);
  const unknown = await check("--explain", "value-out-of-rang");
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /did you mean value-out-of-range\?/);
  const list = await check("--list-rules");
  assert.match(list.out, /(^|\n)C01 {2}advice {3}suppression-without-reason[\s\S]*\nS17 {2}error/);
});

test("the keywords on which Keelson does not act are told with what that means", async () => {
  const path = file("covered.conf", instance("    garp_master_delay 3\n"));
  const { status, out } = await check("--coverage", path);
  assert.equal(status, 0);
  assert.match(
    out,
    /covered\.conf: Keelson acts on \d+ of \d+ keywords, written \d+ of \d+ times\n/,
  );
  const json = JSON.parse((await check("--coverage", "--format", "json", path)).out);
  assert.ok(json.files[0].keywords.some((one: { keyword: string }) => one.keyword === "priority"));
});

test("what one rule says often is cut short, unless all is wanted", async () => {
  const path = file("often.conf", instance("    blurb 1\n".repeat(25)));
  const { out } = await check(path);
  assert.match(out, /\.\.\. and 5 more of S01 in .*often\.conf; --all shows them\n/);
  assert.doesNotMatch((await check("--all", path)).out, /more of S01/);
});

test("wrong usage gives status 2 and says how to use it", async () => {
  const wrong = [
    [],
    ["--format", "xml", "x"],
    ["--wrong"],
    ["-f"],
    ["--strict=1", "x"],
    ["--fix", "-"],
    ["--dry-run", "x"],
  ];
  for (const args of wrong) {
    const { status, err } = await check(...args);
    assert.equal(status, 2, args.join(" "));
    assert.match(err, /usage: keelson check/);
  }
  assert.match((await check("--strickt", "x")).err, /did you mean --strict\?/);
  assert.match((await check("--help")).out, /--explain RULE/);
});
