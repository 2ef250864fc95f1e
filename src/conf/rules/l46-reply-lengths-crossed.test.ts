import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";

test("above the longest that is written", () => {
  assert.deepEqual(
    told(
      "L46",
      virtualServerCheckedBy("UDP_CHECK {\n    min_reply_length 30\n    max_reply_length 20\n}"),
    ),
    ["20 30: an answer of at least 30 bytes cannot be one of at most 20"],
  );
});

test("above the longest that counts without", () => {
  assert.deepEqual(
    told("L46", virtualServerCheckedBy("UDP_CHECK {\n    min_reply_length 300\n}")),
    ["20 300: an answer of at least 300 bytes cannot be one of at most 255"],
  );
});

test("equal is fine", () => {
  assert.deepEqual(
    told("L46", virtualServerCheckedBy("UDP_CHECK {\n    min_reply_length 255\n}")),
    [],
  );
});
