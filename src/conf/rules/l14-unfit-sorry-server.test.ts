import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("a port of its own, with DR", () => {
  assert.deepEqual(
    told(
      "L14",
      virtualServerWith("sorry_server 198.51.100.9 8080").replace("lb_kind NAT", "lb_kind DR"),
    ),
    ["17 8080: DR cannot change the port: packets arrive at 80, not 8080"],
  );
});

test("one of the real servers", () => {
  assert.deepEqual(told("L14", virtualServerWith("sorry_server 198.51.100.1 80")), [
    "17 198.51.100.1: the sorry server 198.51.100.1:80 is one of the real servers",
  ]);
});

test("a method of its own decides", () => {
  assert.deepEqual(
    told(
      "L14",
      virtualServerWith("sorry_server 198.51.100.9 8080\nsorry_server_lvs_method NAT").replace(
        "lb_kind NAT",
        "lb_kind DR",
      ),
    ),
    [],
  );
});
