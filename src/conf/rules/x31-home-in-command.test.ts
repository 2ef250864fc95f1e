import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

const finds = (command: string): number => told("X31", scriptWith(`script "${command}"`)).length;

test("a tilde at the head of a word stands for a home folder, elsewhere it does not", () => {
  assert.equal(finds("~/check.sh"), 1);
  assert.equal(finds("/bin/sh ~ops/check.sh"), 1);
  assert.equal(finds("/usr/local/bin/check.sh~"), 0);
  assert.equal(finds("/bin/sh -c '~/check.sh'"), 0);
});
