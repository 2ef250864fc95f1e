import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L03", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("a misspelt scheduler is an error", () => {
  assert.deepEqual(told("L03", virtualServerWith("").replace("lb_algo rr", "lb_algo wrrr")), [
    "12 wrrr: `wrrr` is no value of `lb_algo`",
  ]);
});

test("one that is missing is a warning", () => {
  assert.deepEqual(
    findingsOf("L03", virtualServerWith("").replace("    lb_algo rr\n", "")).map(
      ({ severity }) => severity,
    ),
    ["warning"],
  );
});

test("the nearest scheduler is written", () => {
  assert.deepEqual(newLines(virtualServerWith("").replace("lb_algo rr", "lb_algo wlcc")), [
    "lb_algo wlc",
  ]);
});

test("what counts is written", () => {
  assert.deepEqual(newLines(virtualServerWith("").replace("    lb_algo rr\n", "")), [
    "lb_algo wlc",
  ]);
});

test("a parameter that nobody defines is left alone", () => {
  assert.deepEqual(
    told("L03", virtualServerWith("").replace("lb_algo rr", "lb_algo $ALGORITHM")),
    [],
  );
});
