import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

function judged(example: readonly string[]): readonly string[] {
  return checkExample(example)
    .filter(({ code }) => code === "L33")
    .map(({ span, severity, message }) => `${span.file}:${span.line} ${severity}: ${message}`);
}

test("the network of the virtual address is advice", () => {
  assert.deepEqual(judged([virtualServerWith("").replace("198.51.100.1", "192.0.2.99")]), [
    "node1.conf:17 advice: a real server of TCP 192.0.2.17:80 is in 192.0.2.0/24, as the virtual address is",
  ]);
});

test("the networks of the clients are certain", () => {
  assert.deepEqual(
    judged([virtualServerWith(""), "# topology\nclients: [198.51.100.0/25, 203.0.113.0/24]\n"]),
    [
      "node1.conf:17 error: a real server of TCP 192.0.2.17:80 is in 198.51.100.0/25, where clients are",
    ],
  );
});

test("clients elsewhere are served", () => {
  assert.deepEqual(
    judged([
      virtualServerWith("").replace("198.51.100.1", "192.0.2.99"),
      "# topology\nclients: [203.0.113.0/24]\n",
    ]),
    [],
  );
});

test("clients from everywhere come through a router", () => {
  assert.deepEqual(judged([virtualServerWith(""), "# topology\nclients: [0.0.0.0/0]\n"]), []);
});

test("DR answers by itself", () => {
  assert.deepEqual(
    judged([
      virtualServerWith("")
        .replace("198.51.100.1", "192.0.2.99")
        .replace("lb_kind NAT", "lb_kind DR"),
    ]),
    [],
  );
});
