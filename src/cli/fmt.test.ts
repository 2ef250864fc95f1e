import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runFmt } from "./fmt.ts";

const folder = mkdtempSync(join(tmpdir(), "keelson-fmt-"));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function fmt(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const status = await runFmt(args, {
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

const untidy = "a {\nb   c\n}\n";
const tidy = "a {\n    b c\n}\n";

test("a file is printed in the style, and stays as it is", async () => {
  const path = file("print.conf", untidy);
  assert.deepEqual(await fmt(path), { status: 0, out: tidy, err: "" });
  assert.equal(readFileSync(path, "utf8"), untidy);
  assert.equal((await fmt("--indent=2", path)).out, "a {\n  b c\n}\n");
});

test("--check names the files that are not in the style", async () => {
  const bad = file("bad.conf", untidy);
  const good = file("good.conf", tidy);
  assert.deepEqual(await fmt("--check", bad, good), { status: 1, out: `${bad}\n`, err: "" });
  assert.equal((await fmt("--check", good)).status, 0);
});

test("--diff shows what would change, --write changes it", async () => {
  const path = file("write.conf", untidy);
  const { out } = await fmt("--diff", path);
  assert.match(out, /\n-b {3}c\n\+ {4}b c\n/);
  assert.deepEqual(await fmt("-w", path), { status: 0, out: "", err: "" });
  assert.equal(readFileSync(path, "utf8"), tidy);
});

test("what is no UTF-8 text stays as it is", async () => {
  const bytes = Buffer.from([0x61, 0x20, 0x20, 0xfc, 0x0a]);
  const path = file("latin.conf", bytes);
  assert.equal((await fmt("-w", path)).status, 1);
  assert.deepEqual(readFileSync(path), bytes);
});

test("wrong usage gives status 2", async () => {
  for (const args of [
    [],
    ["--wrong", "x"],
    ["--indent", "0", "x"],
    ["-w", "--check", "x"],
    ["-w", "-"],
  ])
    assert.equal((await fmt(...args)).status, 2, args.join(" "));
  assert.match((await fmt("--dif", "x")).err, /did you mean --diff\?/);
});
