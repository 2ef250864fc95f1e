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

test("an address of a group that is a virtual server as well", () => {
  const text = `virtual_server_group web {\n    192.0.2.17 80\n}\n${base}${service.replace("192.0.2.17 80", "group web")}`;
  assert.deepEqual(told("L40", text), ["2 192.0.2.17: 192.0.2.17:80 is configured twice"]);
});

test("a group may serve two protocols", () => {
  const ofGroup = service.replace("192.0.2.17 80", "group web");
  const udp = ofGroup.replace("protocol TCP", "protocol UDP");
  const text = `virtual_server_group web {\n    192.0.2.17 80\n}\n`;
  assert.deepEqual(told("L40", text + ofGroup + udp), []);
  assert.deepEqual(told("L40", text + ofGroup + ofGroup), [
    "17 web: group web is configured twice",
  ]);
});
