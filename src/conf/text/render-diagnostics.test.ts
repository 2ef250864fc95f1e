import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderDiagnostics } from "./render-diagnostics.ts";

const sources = new Map([
  ["k.conf", 'vrrp_script chk {\n    weight -20\n}\n\tnopreempt\n名前 x "\u001b[2J"\n'],
  ["other.conf", "a\n"],
]);

const finding: Diagnostic = {
  severity: "error",
  code: "nopreempt-and-weight",
  message: "the two cannot work together",
  span: { file: "k.conf", line: 4, column: 2, length: 9 },
  label: "no other node may take over",
  related: [
    { span: { file: "k.conf", line: 2, column: 5, length: 6 }, label: "lowers the priority" },
    { span: { file: "other.conf", line: 1, column: 1, length: 1 }, label: "and this" },
  ],
  effect: "the address stays",
  fix: "remove one",
};

test("people see the line, a caret under the word, what happens, and the fix", () => {
  const text = renderDiagnostics([finding], sources, {
    format: "pretty",
    color: false,
    elapsedMs: 6,
  });
  assert.equal(
    text,
    `error[nopreempt-and-weight]: the two cannot work together
  --> k.conf:4:2
   |
 2 |     weight -20  ── lowers the priority
 4 |     nopreempt
   |     ^^^^^^^^^ no other node may take over
   : other.conf:1:1: and this
   = effect: the address stays
   = fix:    remove one

1 error, 0 warnings in 2 files (6 lines, 6 ms)
`,
  );
});

test("the caret stands right behind wide characters, and a file cannot drive the terminal", () => {
  const span = { file: "k.conf", line: 5, column: 4, length: 1 };
  const text = renderDiagnostics([{ ...finding, span, related: [] }], sources, {
    format: "pretty",
    color: false,
  });
  assert.match(text, /\n 5 \| 名前 x "\ufffd\[2J"\n {3}\| {6}\^ no other/);
});

test("editors get one line each, programs get JSON, and colours only when asked for", () => {
  const short = renderDiagnostics([finding], sources, { format: "short", color: false });
  assert.equal(
    short,
    "k.conf:4:2: error[nopreempt-and-weight]: the two cannot work together " +
      "(no other node may take over; the address stays)\n",
  );
  const json = JSON.parse(renderDiagnostics([finding], sources, { format: "json", color: true }));
  assert.deepEqual(json.diagnostics, [finding]);
  assert.deepEqual(json.summary, { errors: 1, warnings: 0, advice: 0, files: 2, lines: 6 });
  const colored = renderDiagnostics([finding], sources, { format: "pretty", color: true });
  assert.ok(colored.includes("\u001b[1;31merror[nopreempt-and-weight]"));
});
