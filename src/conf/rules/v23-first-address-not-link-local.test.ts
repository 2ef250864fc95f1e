import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { firstAddressNotLinkLocal } from "./v23-first-address-not-link-local.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    firstAddressNotLinkLocal.bad.map((text) => told("V23", String(text))),
    [["7 2001:db8::17/64: the first address, `2001:db8::17`, is not link-local"]],
  );
});
