import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { addressRepeated } from "./v63-address-repeated.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    addressRepeated.bad.map((text) => told("V63", String(text))),
    [
      ["8 192.0.2.17/24: `192.0.2.17` is listed twice"],
      ["10 192.0.2.17/24: `192.0.2.17` is listed twice"],
    ],
  );
});
