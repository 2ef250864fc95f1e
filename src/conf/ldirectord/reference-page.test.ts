import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { directiveNames } from "./directives.ts";
import { ldirectordReference } from "./reference-page.ts";

const page = fileURLToPath(new URL("../../../../docs/reference/ldirectord.cf.md", import.meta.url));

test("the page of the reference is what `make reference` writes, and has every directive", () => {
  const text = ldirectordReference();
  assert.equal(readFileSync(page, "utf8"), text);
  for (const name of directiveNames) assert.ok(text.includes(`\n### ${name}\n`), name);
});
