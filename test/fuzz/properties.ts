// What holds for every text, whoever wrote it. A fault is an Error that says which one does not.

import assert from "node:assert/strict";
import { formatText } from "../../src/conf/keepalived/language/format.ts";
import { parseTree } from "../../src/conf/keepalived/language/parse-tree.ts";
import { printTree } from "../../src/conf/keepalived/language/tree.ts";
import { loadAnyConfiguration } from "../../src/conf/load-any-configuration.ts";
import type { LoadedConfiguration } from "../../src/conf/load-configuration.ts";
import { applyEdits } from "../../src/conf/text/apply-edits.ts";
import type { Span } from "../../src/conf/text/diagnostic.ts";
import { renderDiagnostics } from "../../src/conf/text/render-diagnostics.ts";

/** One input: the name decides between the formats where the text does not. */
export interface FuzzInput {
  readonly name: "keepalived.conf" | "ldirectord.cf" | "table.rules";
  readonly text: string;
}

/** A small text takes milliseconds; a repetition of 65,536 rounds takes seconds. */
const slowMs = 20_000;

/** Judges one input; throws when a property does not hold. */
export function judge({ name, text }: FuzzInput): void {
  const startedMs = performance.now();
  const loaded = load(name, text);
  judgePlaces(name, text, loaded);
  assertSame(loaded, load(name, text));
  const edits = loaded.diagnostics.flatMap((finding) => finding.edits ?? []);
  applyEdits(
    text,
    edits.filter(({ span }) => span.file === name),
  );
  renderDiagnostics(loaded.diagnostics, loaded.sources, { format: "pretty", color: false });
  if (name === "keepalived.conf") judgeTree(text);
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < slowMs, `${text.length} characters took ${tookMs.toFixed(0)} ms`);
}

function load(name: string, text: string): LoadedConfiguration {
  return loadAnyConfiguration({
    path: name,
    readFile: (path) =>
      path === name
        ? { ok: true, value: text }
        : path === "other.inc"
          ? { ok: true, value: "router_id other\n}\n$OTHER=1\n" }
          : { ok: false, fault: { kind: "no-such-file", text: "there is no such file" } },
    listFiles: (pattern) => (pattern.includes("other") ? ["other.inc"] : []),
    configIds: ["here"],
  });
}

function judgePlaces(name: string, text: string, loaded: LoadedConfiguration): void {
  const lines = text.split("\n");
  for (const { span, code, related = [], edits = [] } of loaded.diagnostics) {
    const spans: readonly Span[] = [span, ...related.map((one) => one.span)];
    for (const one of spans) if (one.file === name) assertInside(one, lines, code);
    for (const edit of edits) {
      const { line, column, file } = edit.span;
      // An edit may go over line ends; where it begins is a place as any other.
      if (file === name) assertInside({ file, line, column, length: 0 }, lines, `${code}, edit`);
    }
  }
}

function assertInside(span: Span, lines: readonly string[], what: string): void {
  const { line, column, length } = span;
  const width = lines[line - 1]?.length;
  assert.ok(
    width !== undefined && column >= 1 && length >= 0,
    `${what}: there is no place ${line}:${column}`,
  );
  // The end of a line is a place, and one column behind it: what is missing stands there.
  assert.ok(
    column + length - 1 <= width + 1,
    `${what}: ${line}:${column}+${length} ends behind its line`,
  );
}

function assertSame(first: LoadedConfiguration, second: LoadedConfiguration): void {
  assert.equal(
    JSON.stringify(first.diagnostics),
    JSON.stringify(second.diagnostics),
    "two readings find different things",
  );
  assert.equal(
    JSON.stringify(first.model),
    JSON.stringify(second.model),
    "two readings mean different things",
  );
}

function judgeTree(text: string): void {
  const tree = parseTree(text, { file: "", activeIds: new Set(["here"]), diagnostics: [] });
  assert.equal(printTree(tree), text, "the printed tree is another text");
  const formatted = formatText(text);
  assert.equal(formatText(formatted), formatted, "the formatter goes on changing what it made");
}
