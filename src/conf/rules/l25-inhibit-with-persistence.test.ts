import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the keyword is marked", () => {
  assert.deepEqual(told("L25", virtualServerWith("persistence_timeout 50\ninhibit_on_failure")), [
    "18 inhibit_on_failure: clients that persistence has bound to a failed server stay with it",
  ]);
});

test("in a real server as well", () => {
  assert.deepEqual(
    told(
      "L25",
      virtualServerWith("persistence_timeout 50").replace("weight 1", "inhibit_on_failure"),
    ),
    ["19 inhibit_on_failure: clients that persistence has bound to a failed server stay with it"],
  );
});

test("switched off it does nothing", () => {
  assert.deepEqual(
    told(
      "L25",
      virtualServerWith("persistence_timeout 50").replace("weight 1", "inhibit_on_failure off"),
    ),
    [],
  );
});
