import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { ownerWithOtherWishes } from "./v18-owner-with-other-wishes.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    ownerWithOtherWishes.bad.map((text) => told("V18", String(text))),
    [
      ["5 priority: priority 255 makes `VI_1` the owner of the address"],
      ["5 priority: priority 255 makes `VI_1` the owner of the address"],
      ["5 priority: priority 255 makes `VI_1` the owner of the address"],
    ],
  );
});
