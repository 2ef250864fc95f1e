import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { routeNotTracked } from "./v75-route-not-tracked.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    routeNotTracked.bad.map((text) => told("V75", String(text))),
    [["10 198.51.100.0/24: the route names no interface, and is not watched"]],
  );
});
