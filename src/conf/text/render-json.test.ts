import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderJson } from "./render-json.ts";

const text = "a\n# ü\n\tprioritiy 1\n";
const sources = new Map([["k.conf", text]]);
const span = { file: "k.conf", line: 3, column: 2, length: 9 };
const finding: Diagnostic = {
  severity: "warning",
  code: "S01",
  message: "unknown",
  span,
  label: "did you mean `priority`?",
  related: [{ span: { file: "gone.conf", line: 1, column: 1, length: 2 }, label: "there" }],
  effect: "ignored",
  fix: "rename it",
  edits: [{ span, newText: "priority" }],
  stock: "Unknown keyword 'prioritiy'",
};

const page = JSON.parse(
  renderJson([finding], sources, {
    format: "json",
    color: false,
    suppressed: [{ diagnostic: finding, reason: "known", span }],
  }),
);

test("a place has lines, columns, its end and its bytes", () => {
  const [primary, other] = page.diagnostics[0].spans;
  assert.deepEqual(primary, {
    file: "k.conf",
    line: 3,
    column: 2,
    endLine: 3,
    endColumn: 11,
    byteStart: 8,
    byteEnd: 17,
    text: "\tprioritiy 1",
    primary: true,
    label: "did you mean `priority`?",
  });
  const bytes = Buffer.from(text).subarray(primary.byteStart, primary.byteEnd);
  assert.equal(bytes.toString(), "prioritiy");
  assert.deepEqual(other, {
    file: "gone.conf",
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 3,
    primary: false,
    label: "there",
  });
});

test("what happens, the fix and the edits that make it stand beside the message", () => {
  const [first] = page.diagnostics;
  assert.equal(first.level, "warning");
  assert.deepEqual(first.children, [
    { level: "effect", message: "ignored" },
    { level: "fix", message: "rename it" },
    { level: "explain", message: "keelson check --explain S01" },
  ]);
  assert.equal(first.suggestion.applicability, "machine-applicable");
  assert.equal(first.suggestion.edits[0].newText, "priority");
  assert.equal(first.keepalived, "Unknown keyword 'prioritiy'");
});

test("suppressed findings are there, marked, and not counted among the others", () => {
  assert.equal(page.diagnostics[1].suppressed.reason, "known");
  assert.equal(page.version, 1);
  assert.deepEqual(page.summary, {
    errors: 0,
    warnings: 1,
    advice: 0,
    suppressed: 1,
    fixable: 1,
    files: 1,
    lines: 3,
  });
});
