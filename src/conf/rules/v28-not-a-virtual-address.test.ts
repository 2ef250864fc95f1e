import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { notAVirtualAddress } from "./v28-not-a-virtual-address.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    notAVirtualAddress.bad.map((text) => told("V28", String(text))),
    [["7 192.0.2.300: `192.0.2.300` is not an IP address"]],
  );
});
