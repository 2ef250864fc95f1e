import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { httpCheckWith } from "./example-texts.ts";

test("a digest of another length", () => {
  assert.deepEqual(told("L16", httpCheckWith("path /\ndigest 0123")), [
    "22 0123: a digest is 32 hexadecimal digits, the MD5 of the body",
  ]);
});

test("the digest of a page that a program writes", () => {
  assert.deepEqual(
    told("L16", httpCheckWith("path /status.php\ndigest 9b3a0c85a887a256d6939da88aabd8cd")),
    ["22 digest: `/status.php` looks like a page that a program writes"],
  );
});

test("a query is one as well", () => {
  assert.deepEqual(
    told("L16", httpCheckWith("path /status?full=1\ndigest 9b3a0c85a887a256d6939da88aabd8cd")),
    ["22 digest: `/status?full=1` looks like a page that a program writes"],
  );
});

test("a page that lies on the disk", () => {
  assert.deepEqual(
    told("L16", httpCheckWith("path /health.html\ndigest 9b3a0c85a887a256d6939da88aabd8cd")),
    [],
  );
});
