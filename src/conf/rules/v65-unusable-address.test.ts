import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { unusableAddress } from "./v65-unusable-address.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    unusableAddress.bad.map((text) => told("V65", String(text))),
    [
      ["7 192.0.2.0/24: `192.0.2.0` is the name of the subnet /24, not an address in it"],
      ["7 192.0.2.255/24: `192.0.2.255` is the broadcast address of its subnet /24"],
      ["7 224.0.0.9: `224.0.0.9` is a multicast address"],
      ["7 0.0.0.0: `0.0.0.0` is the unspecified address"],
    ],
  );
});
