import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the family is marked", () => {
  assert.deepEqual(told("L53", virtualServerWith("ip_family inet6")), [
    "17 inet6: the address of this virtual server is of `inet`",
  ]);
});

test("the same is fine", () => {
  assert.deepEqual(told("L53", virtualServerWith("ip_family inet")), []);
});
