import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const state = (value: string): string => instanceWith("").replace("BACKUP", value);

test("letter case and typos are mended by --fix", () => {
  assert.deepEqual(told("S16", state("master")), ["2 master: `master` is no value of `state`"]);
  assert.equal(fixedBy("S16", state("master")), state("MASTER"));
  assert.equal(fixedBy("S16", state("BACUP")), state("BACKUP"));
});

test("a word that is near to none is left, and so is a parameter", () => {
  assert.equal(fixedBy("S16", state("PRIMARY")), state("PRIMARY"));
  assert.deepEqual(told("S16", state("$STATE")), []);
});
