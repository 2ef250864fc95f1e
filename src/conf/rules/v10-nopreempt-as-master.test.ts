import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { nopreemptAsMaster } from "./v10-nopreempt-as-master.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    nopreemptAsMaster.bad.map((text) => told("V10", String(text))),
    [["9 nopreempt: `nopreempt` does not work with `state MASTER`"]],
  );
});

const master = (lines: string): string =>
  instanceWith(lines).replace("state BACKUP", "state MASTER");

test("--fix makes it BACKUP", () => {
  assert.equal(fixedBy("V10", master("nopreempt")), instanceWith("nopreempt"));
});

test("a `preempt` behind it takes it back", () => {
  assert.deepEqual(told("V10", master("nopreempt\npreempt")), []);
  assert.equal(told("V10", master("preempt\nnopreempt")).length, 1);
});
