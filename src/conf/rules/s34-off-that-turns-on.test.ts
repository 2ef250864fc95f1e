import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";

test("off is marked where keepalived does not read it", () => {
  const text = `global_defs {\n    vrrp_strict no\n}\n${instanceWith("")}`;
  assert.deepEqual(told("S34", text), ["2 no: keepalived 2.2.7 takes `vrrp_strict no` for on"]);
});

test("on, nothing, and keywords whose off it reads are left alone", () => {
  assert.deepEqual(told("S34", instanceWith("skip_check_adv_addr on")), []);
  assert.deepEqual(told("S34", instanceWith("skip_check_adv_addr")), []);
  assert.deepEqual(told("S34", instanceWith("lower_prio_no_advert off")), []);
});
