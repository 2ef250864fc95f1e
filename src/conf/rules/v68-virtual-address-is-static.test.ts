import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualAddressIsStatic } from "./v68-virtual-address-is-static.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualAddressIsStatic.bad.map((text) => told("V68", String(text))),
    [["2 192.0.2.17/24: `192.0.2.17` is also a virtual address of `VI_1`"]],
  );
});
