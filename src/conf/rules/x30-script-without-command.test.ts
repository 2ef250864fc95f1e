import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { scriptWith } from "./example-texts.ts";

test("the name of the script is marked", () => {
  assert.deepEqual(told("X30", scriptWith("interval 2")), [
    "6 chk: the script `chk` has no command",
  ]);
  assert.equal(told("X30", scriptWith('script ""\ninterval 2')).length, 1);
  assert.deepEqual(told("X30", scriptWith('script "/usr/local/bin/check"')), []);
});
