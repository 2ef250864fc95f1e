import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the mark of a template is marked, and what follows from it is no error", () => {
  const text = instanceWith("").replace("priority 100", "priority {{ priority }}");
  assert.deepEqual(told("S32", text), [
    "5 {{ priority }}: `{{ priority }}` is a mark of a template that was not replaced",
  ]);
  assert.deepEqual(
    checkText(text).filter(({ severity }) => severity === "error"),
    [],
  );
});

test("quotes and comments may hold anything", () => {
  assert.deepEqual(told("S32", instanceWith('notify "/bin/a {{x}} <y>" # {% z %}')), []);
});
