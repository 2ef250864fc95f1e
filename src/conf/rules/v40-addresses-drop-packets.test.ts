import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { addressesDropPackets } from "./v40-addresses-drop-packets.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    addressesDropPackets.bad.map((text) => told("V40", String(text))),
    [
      ["9 strict_mode: `strict_mode` makes `VI_1` drop packets to its addresses"],
      ["9 no_accept: `no_accept` makes `VI_1` drop packets to its addresses"],
    ],
  );
});

test("vrrp_strict is told once for all instances", () => {
  const text = `global_defs {\n    vrrp_strict\n}\n${instanceWith("")}${instanceWith("", "VI_2", 18)}`;
  assert.deepEqual(told("V40", text), [
    "2 vrrp_strict: `vrrp_strict` makes `VI_1` and 1 more drop packets to their addresses",
  ]);
});

test("`strict_mode off` and a later `accept` take it back", () => {
  assert.deepEqual(told("V40", instanceWith("strict_mode off")), []);
  assert.deepEqual(told("V40", instanceWith("no_accept\naccept")), []);
  assert.equal(told("V40", instanceWith("strict_mode\naccept")).length, 1);
});
