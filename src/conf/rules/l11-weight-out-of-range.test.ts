import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the weight is marked", () => {
  assert.deepEqual(told("L11", virtualServerWith("").replace("weight 1", "weight 65536")), [
    "18 65536: `weight 65536` is out of range",
  ]);
});

test("the weight of all servers as well", () => {
  assert.deepEqual(told("L11", virtualServerWith("weight 65536")), [
    "17 65536: `weight 65536` is out of range",
  ]);
});

test("the largest one is fine", () => {
  assert.deepEqual(told("L11", virtualServerWith("").replace("weight 1", "weight 65535")), []);
});
