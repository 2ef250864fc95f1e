import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { textmateGrammar } from "./textmate-grammar.ts";

const file = "editors/vscode/syntaxes/keepalived.tmLanguage.json";

interface Pattern {
  readonly name?: string;
  readonly match: string;
  readonly captures?: Readonly<Record<string, { readonly name: string }>>;
}

const grammar = JSON.parse(textmateGrammar()) as { readonly patterns: readonly Pattern[] };

/** The scope that the first matching pattern gives to a piece of a line. */
function scopeOf(line: string, piece: string): string | undefined {
  for (const { match, name, captures = {} } of grammar.patterns) {
    const found = new RegExp(match).exec(line);
    if (found === null) continue;
    if (name !== undefined && found[0].includes(piece)) return name;
    const group = Object.keys(captures).find((key) => found[Number(key)] === piece);
    if (group !== undefined) return captures[group]?.name;
  }
  return undefined;
}

test("the committed grammar is what the table says (make reference)", () => {
  // The formatter of the house may have laid the committed file out in its own way.
  assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), JSON.parse(textmateGrammar()));
});

test("blocks, keywords, options, parameters and comments are told apart", () => {
  assert.equal(scopeOf("vrrp_instance VI_1 {", "vrrp_instance"), "entity.name.type.keepalived");
  assert.equal(scopeOf("  priority 100", "priority"), "keyword.other.keepalived");
  assert.equal(scopeOf("  @lb1 priority 100", "priority"), "keyword.other.keepalived");
  assert.equal(scopeOf("  prioritty 100", "prioritty"), undefined);
  assert.equal(scopeOf("  192.0.2.1/24 dev eth0", "dev"), "support.type.property-name.keepalived");
  assert.equal(scopeOf("  $VIP", "$VIP"), "variable.other.keepalived");
  assert.equal(scopeOf("# nothing", "# nothing"), "comment.line.keepalived");
  assert.equal(scopeOf("include a.conf", "include"), "keyword.control.include.keepalived");
});
