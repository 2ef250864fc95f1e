// The reader reports under ids of rules: each id that stands in its text is in the catalogue, so that `--explain` knows it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ruleOf } from "../../src/conf/rules/catalogue.ts";

const folder = fileURLToPath(new URL("../../../src/conf", import.meta.url));

function sourcesIn(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter(
      (entry) => entry.isFile() && /\.ts$/.test(entry.name) && !/\.test\.ts$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

test("every id that is reported has a rule", () => {
  const unknown = new Map<string, string>();
  for (const path of sourcesIn(folder))
    for (const [, id = ""] of readFileSync(path, "utf8").matchAll(/"([A-Z]\d\d)"/g))
      if (ruleOf(id) === undefined) unknown.set(id, path);
  assert.deepEqual([...unknown], []);
});
