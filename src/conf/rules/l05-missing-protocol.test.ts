import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const group = (lines: string, name = "web"): string =>
  `virtual_server_group ${name} {\n    ${lines}\n}\n`;
const service = (replace: readonly (readonly [string, string])[] = []): string =>
  replace.reduce(
    (text, [from, to]) => text.replace(from, to),
    virtualServerWith("").replace("192.0.2.17 80", "group web"),
  );

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L05", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("the virtual server is marked", () => {
  assert.deepEqual(told("L05", virtualServerWith("").replace("    protocol TCP\n", "")), [
    "11 192.0.2.17: this virtual server has no `protocol`",
  ]);
});

test("where all are checked over TCP, TCP is written", () => {
  assert.deepEqual(newLines(virtualServerWith("").replace("    protocol TCP\n", "")), [
    "protocol TCP",
  ]);
});

test("elsewhere nobody knows", () => {
  assert.deepEqual(
    newLines(
      virtualServerWith("").replace("    protocol TCP\n", "").replace("TCP_CHECK", "PING_CHECK"),
    ),
    [],
  );
});

test("a mark needs none", () => {
  assert.deepEqual(
    told(
      "L05",
      virtualServerWith("").replace("    protocol TCP\n", "").replace("192.0.2.17 80", "fwmark 7"),
    ),
    [],
  );
});

test("a group of addresses needs one, a group of marks does not", () => {
  const without = service([["    protocol TCP\n", ""]]);
  assert.deepEqual(told("L05", group("192.0.2.17 80") + without), [
    "14 web: this virtual server has no `protocol`",
  ]);
  assert.deepEqual(told("L05", group("fwmark 7") + without), []);
});
