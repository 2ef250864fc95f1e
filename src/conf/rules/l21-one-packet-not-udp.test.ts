import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L21", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("the keyword is marked", () => {
  assert.deepEqual(told("L21", virtualServerWith("ops")), [
    "17 ops: `ops` works with UDP, not with TCP",
  ]);
});

test("it is taken out", () => {
  assert.deepEqual(newLines(virtualServerWith("ops")), []);
});

test("UDP is fine", () => {
  assert.deepEqual(
    told("L21", virtualServerWith("ops").replace("protocol TCP", "protocol UDP")),
    [],
  );
});

test("a mark may carry UDP", () => {
  assert.deepEqual(told("L21", virtualServerWith("ops").replace("192.0.2.17 80", "fwmark 7")), []);
});
