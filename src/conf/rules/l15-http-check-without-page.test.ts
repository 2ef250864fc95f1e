import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { httpCheckWith, virtualServerCheckedBy } from "./example-texts.ts";

/** The lines that `check --fix` adds or changes. */
function newLines(text: string): readonly string[] {
  const before = text.split("\n");
  return fixedBy("L15", text)
    .split("\n")
    .filter((line) => !before.includes(line))
    .map((line) => line.trim());
}

test("a check without a page", () => {
  assert.deepEqual(told("L15", virtualServerCheckedBy("HTTP_GET {\n    connect_timeout 3\n}")), [
    "19 HTTP_GET: this HTTP_GET has no `url` with a `path`",
  ]);
});

test("a page without a path", () => {
  assert.deepEqual(told("L15", httpCheckWith("status_code 200")), [
    "20 url: this `url` has no `path`",
  ]);
});

test("what is missing is written", () => {
  assert.deepEqual(newLines(virtualServerCheckedBy("HTTP_GET {\n    connect_timeout 3\n}")), [
    "url {",
    "path /",
    "}",
  ]);
});

test("TLS is no different", () => {
  assert.deepEqual(told("L15", virtualServerCheckedBy("SSL_GET {\n    connect_timeout 3\n}")), [
    "19 SSL_GET: this SSL_GET has no `url` with a `path`",
  ]);
});
