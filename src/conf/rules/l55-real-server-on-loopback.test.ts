import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the real server is marked", () => {
  assert.deepEqual(told("L55", virtualServerWith("").replace("198.51.100.1", "127.0.0.1")), [
    "17 127.0.0.1: clients cannot be forwarded to 127.0.0.1",
  ]);
});

test("DR hands the packet to the director itself", () => {
  assert.deepEqual(
    told(
      "L55",
      virtualServerWith("")
        .replace("198.51.100.1", "127.0.0.1")
        .replace("lb_kind NAT", "lb_kind DR"),
    ),
    [],
  );
});
