import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderDiagnostics } from "./render-diagnostics.ts";
import type { RuleText } from "./render-options.ts";

const sources = new Map([
  ["k.conf", 'vrrp_script chk {\n    weight -20\n}\n\tnopreempt\n名前 x "\u001b[2J"\n'],
  ["other.conf", "a\n"],
]);

const finding: Diagnostic = {
  severity: "error",
  code: "V12",
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

const rule: RuleText = {
  id: "V12",
  name: "nopreempt-with-weight",
  severity: "error",
  title: "nopreempt and a weight",
  explanation: "Long text.",
  sources: ["https://example.org/1"],
};

const plain = { format: "pretty", color: false } as const;

test("people see the line, a caret under the word, what happens, and the fix", () => {
  assert.equal(
    renderDiagnostics([finding], sources, { ...plain, elapsedMs: 6 }),
    `error[V12]: the two cannot work together
  --> k.conf:4:2
   |
 2 |     weight -20  ── lowers the priority
 4 |     nopreempt
   |     ^^^^^^^^^ no other node may take over
  ::: other.conf:1:1
   |
 1 | a  ── and this
   = effect: the address stays
   = fix:    remove one

1 error, 0 warnings in 2 files (6 lines, 6 ms)
`,
  );
});

test("where a rule is explained is told with its first finding only", () => {
  const text = renderDiagnostics([finding, finding], sources, { ...plain, ruleOf: () => rule });
  const told = "   = seen:   https://example.org/1   explain: keelson check --explain V12\n";
  assert.equal(text.split(told).length, 2);
  const narrow = { ...plain, ruleOf: () => rule, width: 40 };
  assert.ok(
    renderDiagnostics([finding], sources, narrow).includes(
      "   = seen:   https://example.org/1\n   = explain: keelson check --explain V12\n",
    ),
  );
});

test("a second place in the same line is underlined below the first", () => {
  const span = { file: "k.conf", line: 2, column: 12, length: 3 };
  const both = { ...finding, span, related: finding.related?.slice(0, 1) ?? [] };
  assert.match(
    renderDiagnostics([both], sources, plain),
    / 2 \| {5}weight -20\n {3}\| {12}\^{3} no other.*\n {3}\| {5}-{6} lowers the priority\n/,
  );
});

test("the files that include the place are told from the inside outwards", () => {
  const includedFrom = [
    { file: "a.conf", line: 3, column: 9, length: 6 },
    { file: "top.conf", line: 1, column: 9, length: 6 },
  ];
  const text = renderDiagnostics([{ ...finding, includedFrom }], sources, plain);
  assert.match(text, /--> k.conf:4:2\n {6}included from a.conf:3\n {6}included from top.conf:1\n/);
});

test("the caret stands right behind wide characters, and a file cannot drive the terminal", () => {
  const span = { file: "k.conf", line: 5, column: 4, length: 1 };
  const text = renderDiagnostics([{ ...finding, span, related: [] }], sources, plain);
  assert.match(text, /\n 5 \| 名前 x "\ufffd\[2J"\n {3}\| {6}\^ no other/);
});

test("what one rule says again and again is counted, not shown", () => {
  const many = [finding, finding, finding, { ...finding, code: "V13" }];
  const text = renderDiagnostics(many, sources, { ...plain, perRuleMax: 1 });
  assert.equal(text.split("error[V12]").length, 2);
  assert.match(text, /\n\.\.\. and 2 more of V12 in k\.conf; --all shows them\n\n4 errors/);
});

test("long notes are broken at the width of the terminal", () => {
  const effect = "one two three four five six seven eight nine ten eleven twelve";
  const text = renderDiagnostics([{ ...finding, effect }], sources, { ...plain, width: 50 });
  assert.match(text, / {3}= effect: one two three four five six seven\n {13}eight nine ten/);
});

test("what was put aside and what can be mended are counted", () => {
  const edits = [{ span: finding.span, newText: "" }];
  const suppressed = [{ diagnostic: finding, reason: "known", span: finding.span }];
  const text = renderDiagnostics([{ ...finding, edits }], sources, { ...plain, suppressed });
  assert.match(text, /\(6 lines\); 1 suppressed; --fix mends 1\n$/);
});

test("editors get one line each, and colours only when asked for", () => {
  const short = renderDiagnostics([finding], sources, { format: "short", color: false });
  assert.equal(
    short,
    "k.conf:4:2: error[V12]: the two cannot work together " +
      "(no other node may take over; the address stays)\n",
  );
  const colored = renderDiagnostics([finding], sources, { format: "pretty", color: true });
  assert.ok(colored.includes("\u001b[1;31merror[V12]"));
});

test("GitHub gets one command each, with its own escapes", () => {
  const odd = { ...finding, span: { ...finding.span, file: "a,b:100%.conf" } };
  const text = renderDiagnostics([odd, { ...finding, severity: "advice" }], sources, {
    format: "github",
    color: true,
    ruleOf: () => rule,
  });
  assert.equal(
    text,
    "::error file=a%2Cb%3A100%25.conf,line=4,col=2,title=V12 nopreempt-with-weight::" +
      "the two cannot work together%0Aeffect: the address stays%0Afix: remove one\n" +
      "::notice file=k.conf,line=4,endLine=4,col=2,endColumn=11,title=V12 nopreempt-with-weight::" +
      "the two cannot work together%0Aeffect: the address stays%0Afix: remove one\n",
  );
});
