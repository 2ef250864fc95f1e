import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { blocksIn, linesOf } from "./blocks.ts";
import { completionsOf, hoverText, lineSyntaxOf, syntaxOf, wordCompletionsOf } from "./describe.ts";
import { argumentKey, jsonSchemaOf } from "./json-schema.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { madeMark, referencePages } from "./reference-pages.ts";
import { fileBlock } from "./root.ts";

const folder = "docs/reference";

test("the committed reference is what the table says (make reference)", () => {
  const pages = referencePages();
  for (const [name, text] of pages)
    assert.equal(readFileSync(join(folder, name), "utf8"), text, `${name}: run make reference`);
  for (const name of readdirSync(folder))
    if (readFileSync(join(folder, name), "utf8").startsWith(madeMark))
      assert.ok(pages.has(name), `${name} is of no block`);
});

test("every keyword has its heading, and every link leads to a page and a heading", () => {
  const pages = referencePages();
  for (const block of blocksIn(fileBlock)) {
    const page = pages.get(
      block.path === "/" ? "top-level.md" : `${block.path.replaceAll("/", ".")}.md`,
    );
    for (const { name } of block.keywords) assert.ok(page?.includes(`\n## ${name}\n`), name);
  }
  for (const [from, text] of pages) {
    if (!from.endsWith(".md")) continue;
    for (const [, to = "", anchor] of text.matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)) {
      assert.ok(pages.has(to) || existsSync(join(folder, to)), `${from} -> ${to}`);
      const headings = pages.get(to)?.toLowerCase() ?? "";
      if (anchor !== undefined) assert.ok(headings.includes(`\n## ${anchor}\n`), `${to}#${anchor}`);
    }
  }
});

function keyword(path: string, name: string): KeywordSpec {
  const found = blocksIn(fileBlock)
    .find((block) => block.path === path)
    ?.keywords.find((entry) => entry.name === name);
  assert.ok(found !== undefined);
  return found;
}

test("the syntax shows arguments, lists, options, variants and blocks", () => {
  assert.equal(syntaxOf(keyword("vrrp_instance", "nopreempt")), "nopreempt");
  assert.equal(syntaxOf(keyword("vrrp_instance", "priority")), "priority PRIORITY");
  assert.equal(syntaxOf(keyword("vrrp_instance", "state")), "state MASTER|BACKUP");
  assert.equal(syntaxOf(keyword("vrrp_instance", "garp_extra_if")), "garp_extra_if [all] SECONDS");
  assert.equal(syntaxOf(keyword("vrrp_script", "weight")), "weight WEIGHT [reverse]");
  assert.equal(syntaxOf(keyword("vrrp_instance", "smtp_alert")), "smtp_alert [BOOL]");
  assert.equal(
    syntaxOf(keyword("/", "virtual_server")),
    "virtual_server ADDRESS [PORT] {\nvirtual_server fwmark MARK {\nvirtual_server group NAME {",
  );
  const lines = linesOf(keyword("/", "virtual_server_group"));
  assert.ok(lines !== undefined);
  assert.equal(lineSyntaxOf(lines), "ADDRESSES [PORT]\nfwmark MARK [inet|inet6]");
});

test("the hover text of a keyword tells its range, its default and what is missing", () => {
  assert.equal(
    hoverText(keyword("global_defs", "vrrp_rx_bufs_multiplier")),
    [
      "```keepalived",
      "vrrp_rx_bufs_multiplier FACTOR",
      "```",
      "",
      "By what `vrrp_rx_bufs_policy` is multiplied.",
      "",
      "- `FACTOR`: a whole number from 1 to 4294967295. Otherwise 3 counts.",
      "- Default: `3`.",
      "- Without an argument: 3 counts.",
      "- Keelson reads it and does not act on it yet: the buffers have the system's size.",
    ].join("\n"),
  );
});

test("completions are the keywords of a block, and the words behind a keyword", () => {
  const names = completionsOf("vrrp_instance/authentication").map(({ name }) => name);
  assert.deepEqual(names, ["auth_type", "auth_pass"]);
  assert.deepEqual(completionsOf("no/such/block"), []);
  const words = wordCompletionsOf(keyword("virtual_server", "lb_kind")).map(({ name }) => name);
  assert.deepEqual(words.slice(0, 5), ["NAT", "DR", "TUN", "FULLNAT", "type"]);
  assert.equal(
    completionsOf("global_defs").find(({ name }) => name === "lvs_flush_onstop")?.deprecated,
    true,
  );
});

test("arguments and keywords of a block do not claim the same property of its JSON form", () => {
  for (const block of blocksIn(fileBlock))
    for (const opener of block.keywords) {
      if (opener.contents?.kind !== "keywords") continue;
      const names = new Set(opener.contents.block.keywords.map(({ name }) => name));
      for (const argument of opener.arguments)
        assert.ok(!names.has(argumentKey(argument)), `${opener.name} ${argument.name}`);
    }
});

test("every reference of the schema leads to a definition, and every block has one", () => {
  const schema = jsonSchemaOf(fileBlock);
  const definitions = schema["$defs"] as object;
  const references = JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g);
  for (const [, name = ""] of references) assert.ok(Object.hasOwn(definitions, name), name);
  assert.equal(
    Object.keys(definitions).filter((name) => !name.includes("-line")).length,
    blocksIn(fileBlock).length - 1,
  );
});
