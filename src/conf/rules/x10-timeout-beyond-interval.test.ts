import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

test("the timeout is marked", () => {
  const text = scriptWith('script "/usr/local/bin/check"\ninterval 2\ntimeout 30');
  assert.deepEqual(told("X10", text), ["9 timeout: `chk` may run for 30 s, its interval is 2 s"]);
});

test("without the keyword the interval counts, and equal is not beyond", () => {
  assert.deepEqual(told("X10", scriptWith('script "/usr/local/bin/check"\ninterval 2')), []);
  assert.deepEqual(
    told("X10", scriptWith('script "/usr/local/bin/check"\ninterval 2\ntimeout 2')),
    [],
  );
});
