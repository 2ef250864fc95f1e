import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { intervalRounded } from "./v41-interval-rounded.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    intervalRounded.bad.map((text) => told("V41", String(text))),
    [
      ["9 0.4: version 2 counts whole seconds: 0.4 becomes 1"],
      ["10 50: version 3 has room for at most 40.95 seconds, not 50"],
    ],
  );
});
