import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the keyword that binds clients is marked", () => {
  assert.deepEqual(told("L02", virtualServerWith("persistence_timeout 50")), [
    "17 persistence_timeout: `rr` deals out clients here, not connections",
  ]);
});

test("a mask alone makes persistent", () => {
  assert.deepEqual(told("L02", virtualServerWith("persistence_granularity 255.255.255.0")), [
    "17 persistence_granularity: `rr` deals out clients here, not connections",
  ]);
});

test("other schedulers are fine", () => {
  assert.deepEqual(
    told("L02", virtualServerWith("persistence_timeout 50").replace("lb_algo rr", "lb_algo sh")),
    [],
  );
});
