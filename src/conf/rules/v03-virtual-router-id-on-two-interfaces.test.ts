import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualRouterIdOnTwoInterfaces } from "./v03-virtual-router-id-on-two-interfaces.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualRouterIdOnTwoInterfaces.bad.map((text) => told("V03", String(text))),
    [["13 virtual_router_id: `VI_2` on eth1 has VRID 17, as `VI_1` on eth0 has"]],
  );
});
