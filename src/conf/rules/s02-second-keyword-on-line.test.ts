import assert from "node:assert/strict";
import { test } from "node:test";
import { fixedBy, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("all lost keywords of a line are one finding", () => {
  const text = instanceWith("nopreempt advert_int 2 garp_master_delay 1");
  assert.deepEqual(told("S02", text), [
    "9 advert_int: `advert_int` and `garp_master_delay` are read as part of `nopreempt` and ignored",
  ]);
});

test("--fix gives each a line of its own, indented alike", () => {
  const text = instanceWith("nopreempt advert_int 2 garp_master_delay 1");
  const mended = instanceWith("nopreempt\nadvert_int 2\ngarp_master_delay 1");
  assert.equal(fixedBy("S02", text), mended);
});

test("an argument that is spelt like a keyword is none", () => {
  assert.deepEqual(told("S02", instanceWith('notify_master "advert_int" state')), []);
});
