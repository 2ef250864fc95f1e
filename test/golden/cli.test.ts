// Each case of test/golden/cli: the status of a director as JSON, a line of dashes, and the page
// that `keelson status` prints for it. `UPDATE_GOLDEN=1` writes the pages anew.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { paintNothing } from "../../src/cli/paint.ts";
import { renderStatus } from "../../src/cli/render-status.ts";
import type { DirectorStatus } from "../../src/model/status.ts";

process.env["TZ"] = "UTC";

const directory = "test/golden/cli";
const separator = "\n----------\n";
/** 2026-11-21 12:00:00 UTC. */
const nowMs = 1_795_262_400_000;
const width = 80;

const cases = readdirSync(directory).filter((name) => name.endsWith(".case"));
assert.ok(cases.length > 0);

for (const name of cases) {
  test(`the status page of ${name}`, () => {
    const file = join(directory, name);
    const [json = "", expected] = readFileSync(file, "utf8").split(separator);
    const page = renderStatus(JSON.parse(json) as DirectorStatus, {
      nowMs,
      width,
      paint: paintNothing,
    });
    if (process.env["UPDATE_GOLDEN"] === "1")
      writeFileSync(file, `${json.trimEnd()}${separator}${page}\n`);
    else assert.equal(`${page}\n`, expected);
    for (const line of page.split("\n"))
      assert.ok(line.length <= width, `fits 80 columns: ${line}`);
  });
}
