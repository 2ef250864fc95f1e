import assert from "node:assert/strict";
import { test } from "node:test";
import { Expander } from "../keepalived/language/expand.ts";
import { readSection } from "../keepalived/read-section.ts";
import type { BlockSpec, KeywordSpec } from "../keepalived/table/keyword-spec.ts";
import type { Diagnostic } from "../text/diagnostic.ts";

function keyword(name: string, more: Partial<KeywordSpec> = {}): KeywordSpec {
  return { name, summary: "", arguments: [], acts: true, ...more };
}

const inner: BlockSpec = { path: "later", summary: "", keywords: [keyword("x", { acts: false })] };
const root: BlockSpec = {
  path: "/",
  summary: "",
  keywords: [
    keyword("now"),
    keyword("later", {
      acts: false,
      missing: "nothing happens",
      contents: { kind: "keywords", block: inner },
    }),
  ],
};

function told(text: string): readonly string[] {
  const diagnostics: Diagnostic[] = [];
  const readFile = (): { readonly ok: true; readonly value: string } => ({ ok: true, value: text });
  const expander = new Expander({ readFile }, new Set(), diagnostics);
  const lines = expander.file("k.conf") ?? [];
  readSection(lines, root, { diagnostics, sources: expander.sources, root });
  return diagnostics.map(({ code, span, effect }) => `${code} ${span.line} ${effect}`);
}

test("a keyword that does nothing yet is named with what follows from it", () => {
  assert.deepEqual(told("now\n"), []);
  assert.deepEqual(told("now\nlater {\n}\n"), ["K01 2 nothing happens"]);
});

test("what stands in its block is not said once more", () => {
  assert.deepEqual(told("later {\n    x\n}\n"), ["K01 1 nothing happens"]);
});
