import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the word with the sign is marked, and --fix takes the sign away", () => {
  const text = instanceWith("advert_int 2;");
  assert.deepEqual(told("S08", text), ["9 2;: a line needs no `;` at its end"]);
  assert.equal(fixedBy("S08", text), instanceWith("advert_int 2"));
});

test("the sign alone is meant as well", () => {
  const text = instanceWith("advert_int 2 ;");
  assert.equal(told("S08", text).length, 1);
  assert.equal(fixedBy("S08", text).replace(/ +$/m, ""), instanceWith("advert_int 2"));
});

test("in quotes and in comments it is text", () => {
  const text = instanceWith(
    'authentication {\n    auth_pass "ab;" # or not;\n    auth_type PASS\n}',
  );
  assert.deepEqual(told("S08", text), []);
});
