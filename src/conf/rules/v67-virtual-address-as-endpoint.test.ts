import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualAddressAsEndpoint } from "./v67-virtual-address-as-endpoint.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    virtualAddressAsEndpoint.bad.map((text) => told("V67", String(text))),
    [
      ["9 192.0.2.17: `192.0.2.17` is a virtual address of `VI_1`"],
      ["11 192.0.2.17: the peer `192.0.2.17` is a virtual address of `VI_1`"],
      ["9 192.0.2.17: `192.0.2.17` is a virtual address of `VI_1`"],
    ],
  );
});
