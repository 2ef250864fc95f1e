import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

const option = (words: string): string => instanceWith("").replace("/24", `/24 ${words}`);

test("the nearest option is offered, and written by --fix", () => {
  assert.equal(told("S30", option("devv eth1")).length, 1);
  assert.equal(fixedBy("S30", option("devv eth1")), option("dev eth1"));
});

test("two addresses on a line are two lines", () => {
  assert.equal(told("S30", option("192.0.2.18/24")).length, 1);
});
