import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the mark of a template is marked, and the start stops", () => {
  const text = instanceWith("").replace("priority 100", "priority {{ priority }}");
  assert.deepEqual(told("S32", text), [
    "5 {{ priority }}: `{{ priority }}` is a mark of a template that was not replaced",
  ]);
  assert.equal(findingsOf("S32", text)[0]?.stops, true);
});

test("a placeholder in angle brackets is a suspicion", () => {
  const [finding] = findingsOf("S32", instanceWith("").replace("eth0", "<interface>"));
  assert.equal(finding?.severity, "warning");
  assert.equal(finding?.stops, undefined);
});

test("quotes and comments may hold anything", () => {
  assert.deepEqual(told("S32", instanceWith('notify "/bin/a {{x}} <y>" # {% z %}')), []);
});
