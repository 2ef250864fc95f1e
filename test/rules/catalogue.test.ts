import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { catalogue, ruleOf } from "../../src/conf/rules/catalogue.ts";
import { listedRules } from "./rule-ids.ts";

const rulesFolder = fileURLToPath(new URL("../../../src/conf/rules", import.meta.url));

test("every rule of the list is in the catalogue", () => {
  const ids = new Set(catalogue.map(({ id }) => id));
  assert.deepEqual(
    listedRules.filter((id) => !ids.has(id)),
    [],
  );
});

test("ids and names are unique, and either finds its rule", () => {
  for (const rule of catalogue) {
    assert.equal(ruleOf(rule.id), rule);
    assert.equal(ruleOf(rule.id.toLowerCase()), rule);
    assert.equal(ruleOf(rule.name), rule);
  }
});

test("a rule is what its file says: id and name are the name of the file", () => {
  const files = readdirSync(rulesFolder).filter((name) => /^[a-z]\d\d-[a-z0-9-]+\.ts$/.test(name));
  const named = catalogue.map(({ id, name }) => `${id.toLowerCase()}-${name}.ts`);
  assert.deepEqual(named.toSorted(), files.toSorted());
});

test("every rule has a test beside it, or plays examples of its own", () => {
  const files = new Set(readdirSync(rulesFolder));
  for (const { id, name, bad, good } of catalogue) {
    const tested = files.has(`${id.toLowerCase()}-${name}.test.ts`);
    assert.ok(tested || (bad.length > 0 && good.length > 0), `${id} is not tested`);
  }
});

for (const rule of catalogue)
  test(`the texts of ${rule.id} have the form of all others`, () => {
    assert.match(rule.id, /^[A-Z]\d\d$/);
    assert.match(rule.name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    assert.match(rule.title, /^[^.]*(\.\S[^.]*)*$/, "a title has no full stop");
    assert.ok(rule.title.length <= 90, "a title is one line");
    assert.ok(!/^[A-Z][a-z]/.test(rule.title) || /^(IP|IPv|VRRP|Keelson)/.test(rule.title));
    assert.ok(!rule.title.includes("\n"));
    assert.equal(rule.explanation, rule.explanation.trim());
    assert.ok(
      rule.explanation.length >= 150,
      "an explanation says what happens, why, and what to write",
    );
    assert.equal((rule.explanation.match(/`/g) ?? []).length % 2, 0, "backquotes come in pairs");
    for (const source of rule.sources) assert.match(source, /^https:\/\/\S+$/);
    for (const text of [...rule.bad, ...rule.good].flat())
      assert.ok(text === "" || text.endsWith("\n") || text.includes("\0"), "a whole file");
  });
