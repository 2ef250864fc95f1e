import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the virtual server is marked", () => {
  assert.deepEqual(told("L04", virtualServerWith("").replace("    lb_kind NAT\n", "")), [
    "11 192.0.2.17: this virtual server has no `lb_kind`",
  ]);
});

test("methods of all real servers are enough", () => {
  assert.deepEqual(
    told(
      "L04",
      virtualServerWith("").replace("    lb_kind NAT\n", "").replace("weight 1", "lvs_method DR"),
    ),
    [],
  );
});

test("a misspelt method is told elsewhere", () => {
  assert.deepEqual(told("L04", virtualServerWith("").replace("lb_kind NAT", "lb_kind nat")), []);
});
