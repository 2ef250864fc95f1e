import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { rulePages } from "../../src/conf/rules/rule-pages.ts";

const folder = fileURLToPath(new URL("../../../docs/rules", import.meta.url));

test("docs/rules is what `make rules` writes", () => {
  const pages = rulePages();
  assert.deepEqual(readdirSync(folder).toSorted(), [...pages.keys()].toSorted());
  for (const [name, text] of pages)
    assert.equal(readFileSync(join(folder, name), "utf8"), text, name);
});
