import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { noInterface } from "./v60-no-interface.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    noInterface.bad.map((text) => told("V60", String(text))),
    [["1 VI_1: the instance `VI_1` has no `interface`"]],
  );
});
