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

test("the protocol is marked", () => {
  assert.deepEqual(told("L23", virtualServerWith("").replace("192.0.2.17 80", "fwmark 7")), [
    "14 protocol: the protocol of a firewall mark is what was marked",
  ]);
});

test("with DR the port as well", () => {
  assert.deepEqual(
    told(
      "L23",
      virtualServerWith("")
        .replace("192.0.2.17 80", "fwmark 7")
        .replace("lb_kind NAT", "lb_kind DR"),
    ),
    [
      "14 protocol: the protocol of a firewall mark is what was marked",
      "17 80: DR cannot change the port: marked packets keep theirs",
    ],
  );
});

test("NAT can change the port", () => {
  assert.deepEqual(
    told(
      "L23",
      virtualServerWith("").replace("192.0.2.17 80", "fwmark 7").replace("    protocol TCP\n", ""),
    ),
    [],
  );
});

test("a group of marks only", () => {
  assert.deepEqual(told("L23", group("fwmark 7") + service()), [
    "17 protocol: the protocol of a firewall mark is what was marked",
  ]);
  assert.deepEqual(told("L23", group("fwmark 7\n    192.0.2.17 80") + service()), []);
});
