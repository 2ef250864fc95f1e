import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const secondReal = (address: string, port = 80): string =>
  virtualServerWith("").replace(
    /\}\n$/,
    `    real_server ${address} ${port} {\n        TCP_CHECK {\n        }\n    }\n}\n`,
  );

test("the real server is marked", () => {
  assert.deepEqual(told("L20", virtualServerWith("").replace("198.51.100.1", "2001:db8::1")), [
    "17 2001:db8::1: NAT cannot forward to 2001:db8::1: the virtual server is IPv4",
  ]);
});

test("a tunnel leads there", () => {
  assert.deepEqual(
    told(
      "L20",
      virtualServerWith("")
        .replace("198.51.100.1", "2001:db8::1")
        .replace("lb_kind NAT", "lb_kind TUN"),
    ),
    [],
  );
});

test("a mark has the family of its first server", () => {
  assert.deepEqual(told("L20", secondReal("2001:db8::1").replace("192.0.2.17 80", "fwmark 7")), [
    "23 2001:db8::1: NAT cannot forward to 2001:db8::1: the virtual server is IPv4",
  ]);
});

test("or the one that is written", () => {
  assert.deepEqual(
    told(
      "L20",
      virtualServerWith("")
        .replace("192.0.2.17 80", "fwmark 7")
        .replace("protocol TCP", "ip_family inet6"),
    ),
    ["17 198.51.100.1: NAT cannot forward to 198.51.100.1: the virtual server is IPv6"],
  );
});
