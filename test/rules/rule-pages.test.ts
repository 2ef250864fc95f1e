import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { catalogue } from "../../src/conf/rules/catalogue.ts";
import { explainRule } from "../../src/conf/rules/render-rule.ts";
import { rulePages } from "../../src/conf/rules/rule-pages.ts";

const folder = fileURLToPath(new URL("../../../docs/rules", import.meta.url));

test("docs/rules is what `make rules` writes", () => {
  const pages = rulePages();
  assert.deepEqual(readdirSync(folder).toSorted(), [...pages.keys()].toSorted());
  for (const [name, text] of pages)
    assert.equal(readFileSync(join(folder, name), "utf8"), text, name);
});

test("the explanation in the terminal holds everything of the page", () => {
  for (const rule of catalogue) {
    const text = explainRule(rule);
    assert.ok(text.startsWith(`${rule.id} (${rule.name}), ${rule.severity}: ${rule.title}\n`));
    const words = text.replaceAll(/\s+/g, " ");
    for (const part of [rule.explanation, ...rule.sources])
      assert.ok(words.includes(part.replaceAll(/\s+/g, " ")), rule.id);
  }
});
