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
  return fixedBy("L22", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("port 0", () => {
  assert.deepEqual(told("L22", virtualServerWith("").replace("192.0.2.17 80", "192.0.2.17 0")), [
    "11 192.0.2.17: a virtual server for all ports must be persistent",
  ]);
});

test("no port", () => {
  assert.deepEqual(told("L22", virtualServerWith("").replace("192.0.2.17 80", "192.0.2.17")), [
    "11 192.0.2.17: a virtual server for all ports must be persistent",
  ]);
});

test("what counts is written", () => {
  assert.deepEqual(newLines(virtualServerWith("").replace("192.0.2.17 80", "192.0.2.17 0")), [
    "persistence_timeout 360",
  ]);
});

test("it is said already", () => {
  assert.deepEqual(
    told(
      "L22",
      virtualServerWith("persistence_granularity 255.255.255.0").replace(
        "192.0.2.17 80",
        "192.0.2.17 0",
      ),
    ),
    [],
  );
});

test("a line of a group without a port", () => {
  assert.deepEqual(told("L22", group("192.0.2.17") + service()), [
    "14 web: a virtual server for all ports must be persistent",
  ]);
});
