import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { optionOfTheOtherFamily } from "./v72-option-of-the-other-family.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    optionOfTheOtherFamily.bad.map((text) => told("V72", String(text))),
    [
      ["7 scope: `scope` is an option of IPv4 addresses, and `fe80::17` is IPv6"],
      ["7 -nodad: `-nodad` is an option of IPv6 addresses, and `192.0.2.17` is IPv4"],
    ],
  );
});
