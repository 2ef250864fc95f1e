import assert from "node:assert/strict";
import { test } from "node:test";
import { findingsOf, told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const base = virtualServerWith("");
const service = base.slice(base.indexOf("virtual_server"));

test("the second one is marked", () => {
  assert.deepEqual(told("L40", base + service), [
    "24 192.0.2.17: TCP 192.0.2.17:80 is configured twice",
  ]);
});

test("keepalived runs it, Keelson does not", () => {
  assert.deepEqual(
    findingsOf("L40", base + service).map(({ severity }) => severity),
    ["error"],
  );
});

test("another protocol is another one", () => {
  assert.deepEqual(told("L40", base + service.replace("protocol TCP", "protocol UDP")), []);
});

test("without `protocol` UDP counts", () => {
  assert.deepEqual(
    told(
      "L40",
      base.replace("    protocol TCP\n", "") + service.replace("protocol TCP", "protocol UDP"),
    ),
    ["23 192.0.2.17: UDP 192.0.2.17:80 is configured twice"],
  );
});

test("one mark in two families", () => {
  assert.deepEqual(
    told(
      "L40",
      (base + service)
        .replaceAll("192.0.2.17 80", "fwmark 7")
        .replace(/198\.51\.100\.1(?=[\s\S]*198\.51)/, "2001:db8::1"),
    ),
    [],
  );
});
