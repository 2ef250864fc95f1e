import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

test("the check is marked", () => {
  assert.deepEqual(
    told(
      "L41",
      virtualServerWith("persistence_timeout 9")
        .replace("192.0.2.17 80", "192.0.2.17")
        .replace("198.51.100.1 80", "198.51.100.1"),
    ),
    ["20 TCP_CHECK: neither the check nor the server says which port to connect to"],
  );
});

test("a mark has no port to lend", () => {
  assert.deepEqual(
    told(
      "L41",
      virtualServerWith("")
        .replace("192.0.2.17 80", "fwmark 7")
        .replace("198.51.100.1 80", "198.51.100.1"),
    ),
    ["19 TCP_CHECK: neither the check nor the server says which port to connect to"],
  );
});

test("the virtual server lends its own", () => {
  assert.deepEqual(
    told("L41", virtualServerWith("").replace("198.51.100.1 80", "198.51.100.1")),
    [],
  );
});
