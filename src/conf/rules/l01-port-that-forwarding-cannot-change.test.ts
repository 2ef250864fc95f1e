import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const group = (lines: string, name = "web"): string =>
  `virtual_server_group ${name} {\n    ${lines}\n}\n`;
const service = (replace: readonly (readonly [string, string])[] = []): string =>
  replace.reduce(
    (text, [from, to]) => text.replace(from, to),
    virtualServerWith("").replace("192.0.2.17 80", "group web"),
  );

test("the port of the real server is marked", () => {
  assert.deepEqual(
    told(
      "L01",
      virtualServerWith("")
        .replace("lb_kind NAT", "lb_kind DR")
        .replace("198.51.100.1 80", "198.51.100.1 8080"),
    ),
    ["17 8080: DR cannot change the port: packets arrive at 80, not 8080"],
  );
});

test("a method of its own decides", () => {
  assert.deepEqual(
    told(
      "L01",
      virtualServerWith("")
        .replace("198.51.100.1 80", "198.51.100.1 8080")
        .replace("weight 1", "lvs_method TUN"),
    ),
    ["17 8080: TUN cannot change the port: packets arrive at 80, not 8080"],
  );
});

test("a virtual server for all ports has no port to keep to", () => {
  assert.deepEqual(
    told(
      "L01",
      virtualServerWith("")
        .replace("lb_kind NAT", "lb_kind DR")
        .replace("192.0.2.17 80", "192.0.2.17 0"),
    ),
    ["17 80: DR cannot change the port: packets arrive at the port that clients use, not 80"],
  );
});

test("a real server without a port is fine", () => {
  assert.deepEqual(
    told(
      "L01",
      virtualServerWith("")
        .replace("lb_kind NAT", "lb_kind DR")
        .replace("198.51.100.1 80", "198.51.100.1"),
    ),
    [],
  );
});

test("every line of a group has a port of its own", () => {
  const text =
    group("192.0.2.17 80\n    192.0.2.17 443") + service([["lb_kind NAT", "lb_kind DR"]]);
  assert.deepEqual(told("L01", text), [
    "21 80: DR cannot change the port: packets to 192.0.2.17 arrive at 443, not 80",
  ]);
});
