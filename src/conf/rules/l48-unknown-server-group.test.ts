import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L48", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

const ofGroup = (name: string): string =>
  `virtual_server_group web {\n    192.0.2.17 80\n}\n${virtualServerWith("").replace("192.0.2.17 80", `group ${name}`)}`;

test("the name is marked", () => {
  assert.deepEqual(told("L48", ofGroup("wbe")), [
    "14 wbe: there is no virtual_server_group named `wbe`",
  ]);
});

test("the nearest name is written", () => {
  assert.deepEqual(newLines(ofGroup("wbe")), ["virtual_server group web {"]);
});

test("a parameter that nobody defines is left alone", () => {
  assert.deepEqual(told("L48", ofGroup("$GROUP")), []);
});

test("it is there", () => {
  assert.deepEqual(told("L48", ofGroup("web")), []);
});
