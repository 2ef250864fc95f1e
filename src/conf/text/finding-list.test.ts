import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { FindingList, findingsOfRuleMax } from "./finding-list.ts";

function finding(code: string, line: number): Diagnostic {
  const span = { file: "k.conf", line, column: 1, length: 1 };
  return { code, span, severity: "error", message: "" };
}

test("of one rule no more are kept than the bound; others go on", () => {
  const list = new FindingList();
  for (let i = 1; i <= findingsOfRuleMax + 5; i++) list.push(finding("S01", i));
  assert.equal(list.length, findingsOfRuleMax);
  assert.equal(list.at(-1)?.span.line, findingsOfRuleMax);
  assert.ok(list.isFull("S01"));
  list.push(finding("S02", 1));
  assert.equal(list.length, findingsOfRuleMax + 1);
  assert.ok(!list.isFull("S02"));
});

test("the first finding that stops the start is kept, however many came before", () => {
  const list = new FindingList();
  for (let i = 1; i <= findingsOfRuleMax + 1; i++) list.push(finding("S17", i));
  list.push({ ...finding("S17", 1), stops: true });
  list.push({ ...finding("S17", 2), stops: true });
  assert.deepEqual(
    list.filter(({ stops }) => stops === true).map(({ span }) => span.line),
    [1],
  );
});

test("lists made of it are plain ones", () => {
  const list = new FindingList();
  list.push(finding("S01", 1));
  const kept = list.filter(() => true);
  assert.ok(!(kept instanceof FindingList));
  assert.equal(kept.length, 1);
});
