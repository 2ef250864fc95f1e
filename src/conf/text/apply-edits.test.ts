import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEditGroups, applyEdits } from "./apply-edits.ts";
import type { Edit } from "./diagnostic.ts";

const text = "state master\npriority 100;\nnopreempt\n";

function edit(line: number, column: number, length: number, newText: string): Edit {
  return { span: { file: "k.conf", line, column, length }, newText };
}

test("edits replace, remove and insert, whatever their order", () => {
  const edits = [edit(3, 1, 0, "    "), edit(2, 13, 1, ""), edit(1, 7, 6, "MASTER")];
  assert.equal(applyEdits(text, edits), "state MASTER\npriority 100\n    nopreempt\n");
  assert.equal(applyEdits(text, []), text);
});

test("an edit may go over line ends, and stand at the end of the text", () => {
  assert.equal(applyEdits(text, [edit(1, 13, 15, "")]), "state masternopreempt\n");
  assert.equal(applyEdits(text, [edit(4, 1, 0, "}\n")]), `${text}}\n`);
});

test("of edits that overlap the first counts; a place beyond the text is left alone", () => {
  const edits = [
    edit(1, 7, 6, "MASTER"),
    edit(1, 9, 2, "xx"),
    edit(9, 1, 0, "lost"),
    edit(3, 1, 99, ""),
  ];
  assert.equal(applyEdits(text, edits), text.replace("master", "MASTER"));
});

test("insertions at one place keep their order, and the same one counts once", () => {
  const edits = [edit(1, 1, 0, "a\n"), edit(1, 1, 0, "b\n"), edit(1, 1, 0, "a\n")];
  assert.equal(applyEdits(text, edits), `a\nb\n${text}`);
});

test("a group of edits is applied wholly or not at all", () => {
  const first = [edit(1, 7, 6, "MASTER")];
  const second = [edit(1, 10, 1, "S"), edit(2, 13, 1, "")];
  const { text: edited, applied } = applyEditGroups(text, [first, second, [edit(3, 1, 2, "no_")]]);
  assert.equal(edited, "state MASTER\npriority 100;\nno_preempt\n");
  assert.deepEqual(applied, [true, false, true]);
});
