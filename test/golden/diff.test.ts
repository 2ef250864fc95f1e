// Each case of test/golden/diff: two configurations and what `keelson diff` says of them, with lines of dashes between.
// UPDATE_GOLDEN=1 writes what it says in place of what is expected.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runDiff } from "../../src/cli/diff-command.ts";

const folder = fileURLToPath(new URL("../../../test/golden/diff", import.meta.url));
const dashes = "----------\n";

/** Runs the command on two texts. */
async function diff(
  texts: readonly string[],
  ...options: readonly string[]
): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const files = new Map([
    ["old.conf", texts[0] ?? ""],
    ["new.conf", texts[1] ?? ""],
  ]);
  let out = "";
  let err = "";
  const io = {
    stdout: (text: string) => {
      out += text;
    },
    stderr: (text: string) => {
      err += text;
    },
    isTty: false,
  };
  const status = await runDiff([...options, "old.conf", "new.conf"], io, {
    readFile: (path) => {
      const value = files.get(path);
      return value === undefined
        ? { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }
        : { ok: true, value };
    },
  });
  return { status, out, err };
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".case"))) {
  const path = join(folder, file);
  const [old = "", fresh = "", expected = ""] = readFileSync(path, "utf8").split(dashes);
  const name = file.replace(/\.case$/, "").replaceAll("-", " ");

  test(`what a reload would do: ${name}`, async () => {
    const { out, err } = await diff([old, fresh]);
    if (process.env["UPDATE_GOLDEN"] === "1")
      writeFileSync(path, [old, fresh, out + err].join(dashes));
    else assert.equal(out + err, expected);
  });

  test(`a reload with the same file does nothing: ${name}`, async () => {
    const same = await diff([old, old]);
    if (same.err === "") assert.deepEqual([same.status, same.out], [0, "nothing would change\n"]);
  });

  test(`both forms and the exit status say the same: ${name}`, async () => {
    const people = await diff([old, fresh]);
    const programs = await diff([old, fresh], "--json");
    assert.equal(programs.status, people.status);
    if (people.status === 2) return;
    const told = JSON.parse(programs.out) as {
      readonly same: boolean;
      readonly operations: readonly { readonly text: string }[];
    };
    assert.equal(told.same, people.status === 0);
    for (const { text } of told.operations) assert.ok(people.out.includes(text), text);
  });
}

test("wrong usage is told", async () => {
  const { status, err } = await diff(["", ""], "third.conf");
  assert.equal(status, 2);
  assert.match(err, /^keelson diff: one file too many: new\.conf\nusage: keelson diff /);
});
