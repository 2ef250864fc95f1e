// Each case of test/golden/show: a configuration, a line of dashes, and what `keelson config show` prints of it. The file
// is lb1.conf; common.conf is one that it may include. UPDATE_GOLDEN=1 writes what is printed in place of what is expected.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runConfig } from "../../src/cli/config-command.ts";
import type { Model } from "../../src/model/model.ts";
import { planReload } from "../../src/plan/plan-reload.ts";
import { loadText } from "../rules/check-text.ts";

const folder = fileURLToPath(new URL("../../../test/golden/show", import.meta.url));
const dashes = "----------\n";
const common = "global_defs {\n    router_id lb\n    vrrp_garp_master_delay 2\n}\n";

interface Shown {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command on a text. */
async function show(text: string, ...options: readonly string[]): Promise<Shown> {
  let out = "";
  let err = "";
  const io = {
    stdout: (piece: string) => {
      out += piece;
    },
    stderr: (piece: string) => {
      err += piece;
    },
    isTty: false,
  };
  const files = new Map([
    ["lb1.conf", text],
    ["common.conf", common],
  ]);
  const status = await runConfig(["show", ...options, "lb1.conf"], io, {
    readFile: (path) => {
      const value = files.get(path);
      return value === undefined
        ? { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } }
        : { ok: true, value };
    },
    listFiles: (pattern) => (files.has(pattern) ? [pattern] : []),
  });
  return { status, out, err };
}

/** Without what is masked. */
function unlocked(model: Model): Model {
  const vrrpInstances = model.vrrpInstances.map((instance) =>
    instance.authentication.type === "PASS"
      ? { ...instance, authentication: { type: "PASS" as const, password: "" } }
      : instance,
  );
  return { ...model, vrrpInstances };
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".case"))) {
  const path = join(folder, file);
  const [text = "", expected = ""] = readFileSync(path, "utf8").split(dashes);
  const name = file.replace(/\.case$/, "").replaceAll("-", " ");

  test(`the configuration as it counts: ${name}`, async () => {
    const { out, err } = await show(text);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text + dashes + out + err);
    else assert.equal(out + err, expected);
  });

  test(`what is shown means the same: ${name}`, async () => {
    const before = loadText(text, new Map([["common.conf", common]]), "lb1.conf").model;
    if (before === undefined) return;
    for (const options of [[], ["--set"]]) {
      const after = loadText((await show(text, ...options)).out).model;
      assert.ok(after !== undefined, "it can be run");
      assert.deepEqual(planReload(unlocked(before), unlocked(after)), []);
    }
  });

  test(`no form tells a password: ${name}`, async () => {
    for (const options of [[], ["--set"], ["--all"], ["--json"]])
      assert.ok(!(await show(text, ...options)).out.includes("hunter2"));
  });

  test(`programs get the same: ${name}`, async () => {
    const { out, status } = await show(text, "--json");
    assert.equal(status, (await show(text)).status);
    const root = JSON.parse(out) as { readonly version: number; readonly blocks: readonly unknown[] };
    assert.equal(root.version, 1);
  });
}

test("wrong usage is told", async () => {
  let err = "";
  const io = { stdout: () => undefined, stderr: (text: string) => void (err += text), isTty: false };
  assert.equal(await runConfig(["shw"], io), 2);
  assert.match(err, /^keelson config: what is `shw`\?\nusage: keelson config show /);
});
