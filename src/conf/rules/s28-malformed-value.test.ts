import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const digest = (value: string): string =>
  virtualServerWith("").replace(
    "TCP_CHECK {\n            connect_timeout 3",
    `HTTP_GET {\n            url {\n                path /\n                status_code ${value}\n            }`,
  );

test("a status code has three digits, or is a range of such", () => {
  assert.equal(told("S28", digest("ok")).length + told("S23", digest("ok")).length, 1);
  assert.deepEqual(told("S28", digest("200")), []);
});
