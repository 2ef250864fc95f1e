import assert from "node:assert/strict";
import { test } from "node:test";
import { checkExample } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

function judged(example: readonly string[]): readonly string[] {
  return checkExample(example)
    .filter(({ code }) => code === "L32")
    .map(({ span, severity, message }) => `${span.file}:${span.line} ${severity}: ${message}`);
}

const routed = (gateway: string): string =>
  `# topology\ndirectors:\n  lb1: { eth1: 198.51.100.253/24 }\n  lb2: { eth1: 198.51.100.254/24 }\nrealServers:\n  web1: { address: 198.51.100.1/24, gateway: ${gateway} }\n`;

test("a router that is no director", () => {
  assert.deepEqual(judged([virtualServerWith(""), routed("198.51.100.9")]), [
    "node1.conf:17 error: answers of web1 go to 198.51.100.9, which is no director",
  ]);
});

test("one of two directors", () => {
  assert.deepEqual(judged([virtualServerWith(""), routed("198.51.100.253")]), [
    "node1.conf:17 warning: answers of web1 go to 198.51.100.253, which is always lb1",
  ]);
});

test("an address that moves with the MASTER", () => {
  assert.deepEqual(judged([virtualServerWith(""), routed("192.0.2.17")]), []);
});

test("DR needs no way back", () => {
  assert.deepEqual(
    judged([virtualServerWith("").replace("lb_kind NAT", "lb_kind DR"), routed("198.51.100.9")]),
    [],
  );
});

test("without a hint nothing is known", () => {
  assert.deepEqual(judged([virtualServerWith("")]), []);
});
