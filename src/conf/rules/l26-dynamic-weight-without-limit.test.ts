import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";

test("the keyword is marked", () => {
  assert.deepEqual(
    told(
      "L26",
      virtualServerCheckedBy(
        "MISC_CHECK {\n    misc_path /usr/local/bin/load\n    misc_timeout 5\n    misc_dynamic\n}",
      ),
    ),
    [
      "22 misc_dynamic: the weight grows each time this script times out, with keepalived until 2.4.3",
    ],
  );
});

test("without a timeout of its own it is not judged", () => {
  assert.deepEqual(
    told(
      "L26",
      virtualServerCheckedBy(
        "MISC_CHECK {\n    misc_path /usr/local/bin/load\n    misc_dynamic\n}",
      ),
    ),
    [],
  );
});
