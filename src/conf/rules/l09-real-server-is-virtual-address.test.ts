import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { instanceWith, virtualServerWith } from "./example-texts.ts";

test("the virtual server itself is an error", () => {
  assert.deepEqual(
    findingsOf("L09", virtualServerWith("").replace("198.51.100.1 80", "192.0.2.17 80")).map(
      ({ severity }) => severity,
    ),
    ["error"],
  );
});

test("its address is marked", () => {
  assert.deepEqual(told("L09", virtualServerWith("").replace("198.51.100.1 80", "192.0.2.17 80")), [
    "17 192.0.2.17: the real server 192.0.2.17:80 is the virtual server itself",
  ]);
});

test("another port of the address may be the director's own program: a warning", () => {
  assert.deepEqual(
    findingsOf("L09", virtualServerWith("").replace("198.51.100.1 80", "192.0.2.17 8080")).map(
      ({ severity }) => severity,
    ),
    ["warning"],
  );
});

test("an address that an instance holds for something else", () => {
  assert.deepEqual(
    told(
      "L09",
      instanceWith("", "VI_2", 18) + virtualServerWith("").replace("198.51.100.1", "192.0.2.18"),
    ),
    ["26 192.0.2.18: the real server 192.0.2.18:80 has a virtual address"],
  );
});
