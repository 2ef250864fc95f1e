import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the keyword is marked", () => {
  assert.deepEqual(told("L21", virtualServerWith("ops")), [
    "17 ops: `ops` works with UDP, not with TCP",
  ]);
});

test("its line is taken out", () => {
  const fixed = fixedBy("L21", virtualServerWith("ops"));
  assert.equal(fixed, virtualServerWith(""));
});

test("UDP is fine", () => {
  assert.deepEqual(
    told("L21", virtualServerWith("ops").replace("protocol TCP", "protocol UDP")),
    [],
  );
});

test("a mark may carry UDP", () => {
  assert.deepEqual(told("L21", virtualServerWith("ops").replace("192.0.2.17 80", "fwmark 7")), []);
});
