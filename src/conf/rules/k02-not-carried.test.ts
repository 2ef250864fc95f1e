import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("what the data plane misses is named at the virtual server", () => {
  const [finding = ""] = told("K02", virtualServerWith("").replace("lb_kind NAT", "lb_kind TUN"));
  assert.match(finding, /does not carry TUN yet$/);
  assert.deepEqual(told("K02", virtualServerWith("")), []);
});
