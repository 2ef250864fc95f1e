import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L06", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

const unchecked = virtualServerWith("").replace(/ *TCP_CHECK \{[^}]*\}\n/, "");

test("the real server is marked", () => {
  assert.deepEqual(told("L06", unchecked), ["17 198.51.100.1: 198.51.100.1:80 is not checked"]);
});

test("a check is written into it", () => {
  assert.deepEqual(newLines(unchecked), ["TCP_CHECK {", "connect_timeout 3", "}"]);
});

test("nobody knows how to check UDP", () => {
  assert.deepEqual(newLines(unchecked.replace("protocol TCP", "protocol UDP")), []);
});

test("a misspelt check was meant to be one", () => {
  assert.deepEqual(told("L06", virtualServerWith("").replace("TCP_CHECK", "TPC_CHECK")), []);
});
