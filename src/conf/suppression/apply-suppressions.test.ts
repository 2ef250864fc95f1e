import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "../text/diagnostic.ts";
import { applySuppressions } from "./apply-suppressions.ts";

const rules = [
  { id: "S22", name: "extra-words", judged: true },
  { id: "V14", name: "weight-within-gap", judged: false },
];

function finding(line: number, code = "S22", more: Partial<Diagnostic> = {}): Diagnostic {
  const span = { file: "k.conf", line, column: 1, length: 1 };
  return { severity: "error", code, message: `${code} in line ${line}`, span, ...more };
}

function judge(text: string, ...found: readonly Diagnostic[]): { left: string[]; aside: string[] } {
  const result = applySuppressions(found, new Map([["k.conf", text]]), rules);
  return {
    left: result.diagnostics.map((one) => `${one.span.line}:${one.span.column} ${one.code}`),
    aside: result.suppressed.map((one) => `${one.diagnostic.span.line} ${one.reason}`),
  };
}

test("a comment above a line, one behind it, and one for the file put findings aside, with their reason", () => {
  assert.deepEqual(judge("# keelson-disable-next-line S22 it is a label\nx y\n", finding(2)), {
    left: [],
    aside: ["2 it is a label"],
  });
  assert.deepEqual(judge("x y ! keelson-disable-line S22 known\nx z\n", finding(1), finding(2)), {
    left: ["2:1 S22"],
    aside: ["1 known"],
  });
  assert.deepEqual(judge("x\nx\n#lint-disable-file S22: all", finding(1), finding(2)), {
    left: [],
    aside: ["1 all", "2 all"],
  });
});

test("rules go by id or name, several in one comment, and comments may be stacked", () => {
  const text = "# keelson-disable-next-line extra-words, V14 both\n\n# more\nx y\n";
  assert.deepEqual(judge(text, finding(4), finding(4, "V14")).aside, ["4 both", "4 both"]);
  const two = "# keelson-disable-next-line s22 a\n# keelson-disable-next-line V14 b\nx\n";
  assert.deepEqual(judge(two, finding(3), finding(3, "V14")).aside, ["3 a", "3 b"]);
});

test("without a reason, or with a rule that does not exist, the comment does not count", () => {
  const text = "# keelson-disable-next-line S22\nx y\n";
  assert.deepEqual(judge(text, finding(2)), { left: ["1:29 C01", "2:1 S22"], aside: [] });
  assert.deepEqual(judge("# keelson-disable-file S99 because\n"), {
    left: ["1:24 C02"],
    aside: [],
  });
  assert.deepEqual(judge("# keelson-disable-line\n"), { left: ["1:1 C02"], aside: [] });
  const near = applySuppressions(
    [],
    new Map([["k.conf", "# keelson-disable-file extra-word because\n"]]),
    rules,
  );
  assert.equal(near.diagnostics[0]?.label, "did you mean `extra-words`?");
});

test("a comment without use is told, but not for rules that could not speak in this run", () => {
  assert.deepEqual(judge("# keelson-disable-next-line S22 old\nx\n").left, ["1:29 C03"]);
  assert.deepEqual(judge("# keelson-disable-next-line V14 needs the peer\nx\n").left, []);
  assert.deepEqual(judge("# keelson-disable-file V32 the doctor knows\nx\n").left, []);
});

test("what stops the start stays", () => {
  const text = "# keelson-disable-file S22 please\nx y\n";
  const stops = finding(2, "S22", { stops: true });
  assert.deepEqual(judge(text, stops, stops), {
    left: ["1:24 C04", "2:1 S22", "2:1 S22"],
    aside: [],
  });
});

test("words in quotes are no comment", () => {
  const text = 'notify "x # keelson-disable-line S22 no"\n';
  assert.deepEqual(judge(text, finding(1)).left, ["1:1 S22"]);
});
