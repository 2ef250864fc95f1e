// Every rule of the catalogue plays its own examples: it speaks about the bad ones, keeps silent about the good ones, and
// the edits that it offers mend what it found.

import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../src/conf/rules/catalogue.ts";
import type { Rule } from "../../src/conf/rules/rule.ts";
import { applyEdits } from "../../src/conf/text/apply-edits.ts";
import type { Diagnostic } from "../../src/conf/text/diagnostic.ts";
import { checkExample, checkText, describe } from "./check-text.ts";

for (const rule of catalogue) {
  for (const [i, example] of rule.bad.entries())
    test(`${rule.id} speaks about its bad example ${i + 1}`, () => {
      const findings = checkExample(example);
      assert.ok(findings.some(isOf(rule)), `not found; said instead:\n${describe(findings)}`);
    });

  for (const [i, example] of rule.good.entries())
    test(`${rule.id} is silent about its good example ${i + 1}`, () => {
      const findings = checkExample(example);
      const unwanted = findings.filter((one) => isOf(rule)(one) || one.severity === "error");
      assert.equal(describe(unwanted), "");
    });

  for (const [i, example] of rule.bad.entries())
    if (typeof example === "string")
      test(`edits that ${rule.id} offers for its bad example ${i + 1} mend it`, () => {
        assertMended(rule, example);
      });
}

function isOf(rule: Rule): (finding: Diagnostic) => boolean {
  return (finding) => finding.code === rule.id;
}

/** Applies what one rule offers, as `check --fix` does; what it offers nothing for may stay. */
function assertMended(rule: Rule, example: string): void {
  let text = example;
  const before = checkText(text);
  const lasting = before.filter((finding) => isOf(rule)(finding) && finding.edits === undefined);
  // Edits of one round may stand in each other's way: the next round then has them.
  for (let round = 0; round < 8; round++) {
    const offered = checkText(text)
      .filter(isOf(rule))
      .flatMap(({ edits = [] }) => edits);
    if (offered.length === 0) break;
    const edited = applyEdits(text, offered);
    assert.notEqual(edited, text, "an edit that changes nothing");
    text = edited;
  }
  const after = checkText(text);
  const left = after.filter(isOf(rule)).length;
  assert.ok(
    left <= lasting.length,
    `${text}
${describe(after)}`,
  );
  const errors = (findings: readonly Diagnostic[]): readonly Diagnostic[] =>
    findings.filter((finding) => finding.severity === "error" && !isOf(rule)(finding));
  assert.ok(errors(after).length <= errors(before).length, `${text}\n${describe(after)}`);
}
