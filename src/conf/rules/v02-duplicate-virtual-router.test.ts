import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { duplicateVirtualRouter } from "./v02-duplicate-virtual-router.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    duplicateVirtualRouter.bad.map((text) => told("V02", String(text))),
    [["13 virtual_router_id: `VI_2` has VRID 17 on eth0, as `VI_1` has"]],
  );
});

const second = (lines: string): string =>
  instanceWith(lines, "VI_2").replace("192.0.2.17/24", "192.0.2.18/24");

test("such a file does not run", () => {
  assert.equal(findingsOf("V02", instanceWith("") + second(""))[0]?.stops, true);
});

test("instances with other groups or other peers never meet", () => {
  const peers = (host: number): string => `unicast_peer {\n    192.0.2.${host}\n}`;
  assert.deepEqual(told("V02", instanceWith("") + second("mcast_dst_ip 224.0.0.20")), []);
  assert.deepEqual(told("V02", instanceWith(peers(3)) + second(peers(4))), []);
  assert.deepEqual(told("V02", instanceWith(peers(3)) + second("")), []);
  assert.equal(told("V02", instanceWith(peers(3)) + second(peers(3))).length, 1);
});

test("placeholders may stand for anything", () => {
  const open = second("").replace("192.0.2.18/24", "$VIP6");
  assert.deepEqual(told("V02", instanceWith("") + open), []);
});
