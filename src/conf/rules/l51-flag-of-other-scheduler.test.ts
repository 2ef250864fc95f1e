import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("another scheduler", () => {
  assert.deepEqual(told("L51", virtualServerWith("mh-port").replace("lb_algo rr", "lb_algo sh")), [
    "17 mh-port: `mh-port` belongs to the scheduler `mh`",
  ]);
});

test("above the scheduler", () => {
  assert.deepEqual(
    told("L51", virtualServerWith("").replace("lb_algo rr", "sh-port\n    lb_algo sh")),
    ["12 sh-port: `sh-port` belongs to the scheduler `sh`"],
  );
});

test("below it", () => {
  assert.deepEqual(
    told("L51", virtualServerWith("sh-port").replace("lb_algo rr", "lb_algo sh")),
    [],
  );
});
