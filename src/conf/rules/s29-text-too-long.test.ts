import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const named = (name: string): string => instanceWith("").replace("eth0", name);

test("a name of an interface has at most 15 bytes", () => {
  assert.equal(told("S29", named("bond-frontend-public.100")).length, 1);
  assert.deepEqual(told("S29", named("123456789012345")), []);
});

test("bytes count, not letters", () => {
  assert.equal(findingsOf("S29", named("schnittstelleäö")).length, 1);
});
