// Each folder of test/golden/check holds configurations and, by format, what `keelson check` prints about them.
// UPDATE_GOLDEN=1 writes what is printed in place of what is expected.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { keelsonVersion } from "../../src/api/version.ts";
import { runCheck } from "../../src/cli/check.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = "test/golden/check";
const update = process.env["UPDATE_GOLDEN"] === "1";

process.chdir(root);

/** What is printed, without what differs from run to run. */
async function printed(args: readonly string[]): Promise<string> {
  let out = "";
  await runCheck(args, {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      out += text;
    },
    isTty: false,
    width: 100,
  });
  return out
    .replaceAll(/, \d+ ms\)/g, ", N ms)")
    .replaceAll(/"elapsedMs": [\d.]+/g, '"elapsedMs": 0')
    .replaceAll(`"version": "${keelsonVersion}"`, '"version": "N"');
}

const forms: Readonly<Record<string, readonly string[]>> = {
  pretty: ["--format", "pretty"],
  color: ["--color", "always"],
  short: ["--format", "short"],
  json: ["--format", "json"],
  sarif: ["--format", "sarif"],
  github: ["--format", "github"],
  keepalived: ["--format", "keepalived"],
  fix: ["--fix", "--dry-run"],
  coverage: ["--coverage"],
};

for (const name of readdirSync(folder))
  for (const [form, options] of Object.entries(forms))
    test(`${name}: what is printed as ${form}`, async () => {
      const files = readdirSync(join(folder, name)).filter((file) => file.endsWith(".conf"));
      const out = await printed([...options, ...files.map((file) => join(folder, name, file))]);
      const expected = join(folder, name, `expected.${form}`);
      if (update) writeFileSync(expected, out);
      else assert.equal(out, existsSync(expected) ? readFileSync(expected, "utf8") : "");
    });
