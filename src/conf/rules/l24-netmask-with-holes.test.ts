import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the mask is marked", () => {
  assert.deepEqual(told("L24", virtualServerWith("persistence_granularity 255.0.255.0")), [
    "17 255.0.255.0: `255.0.255.0` is not a netmask: its ones must stand together",
  ]);
});

test("a network", () => {
  assert.deepEqual(told("L24", virtualServerWith("persistence_granularity 255.255.0.0")), []);
});

test("a length, as for IPv6", () => {
  assert.deepEqual(told("L24", virtualServerWith("persistence_granularity 64")), []);
});
