import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { loopbackInterface } from "./v34-loopback-interface.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    loopbackInterface.bad.map((text) => told("V34", String(text))),
    [["3 lo: the loopback interface carries no adverts"]],
  );
});
