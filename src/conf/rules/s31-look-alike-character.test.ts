import assert from "node:assert/strict";
import { test } from "node:test";
import { checkText, fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("the character is marked and named, and nothing else is said about its line", () => {
  const text = instanceWith("advert_int\u00a01");
  assert.deepEqual(told("S31", text), [
    "9 \u00a0: a blank that separates nothing (U+00A0) stands in the place of ` `",
  ]);
  assert.equal(checkText(text).filter(({ severity }) => severity === "error").length, 1);
});

test("--fix types the characters again", () => {
  const password = (text: string): string =>
    instanceWith(`authentication {\n    auth_type PASS\n    auth_pass ${text}\n}`);
  assert.equal(fixedBy("S31", password("“s3cret”")), password('"s3cret"'));
  assert.equal(fixedBy("S31", instanceWith("advert_int １０")), instanceWith("advert_int 10"));
  assert.equal(fixedBy("S31", instanceWith("аdvert\u200b_int 1")), instanceWith("аdvert_int 1"));
});

test("text of other languages is text", () => {
  for (const line of ["router_id 负载均衡（一）", "router_id Балансировщик", "router_id café"])
    assert.deepEqual(told("S31", `global_defs {\n    ${line}\n}\n`), []);
});
