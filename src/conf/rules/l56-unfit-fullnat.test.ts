import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { virtualServerWith } from "./example-texts.ts";

const fullNat = (options: string): string =>
  virtualServerWith("").replace("lb_kind NAT", `lb_kind FULLNAT ${options}`);

test("a source of the other family is marked", () => {
  const [finding = "", ...more] = told("L56", fullNat("source 198.51.100.9 source 2001:db8::1"));
  assert.match(finding, /2001:db8::1: the servers are reached by IPv4: 2001:db8::1 cannot/);
  assert.deepEqual(more, []);
});

test("the method of one server is looked at as well", () => {
  const own = virtualServerWith("").replace("weight 1", "lvs_method FULLNAT source 2001:db8::1");
  assert.equal(told("L56", own).length, 1);
});

test("a client's address is told with TCP only", () => {
  const udp = fullNat("client tcp-option").replace("protocol TCP", "protocol UDP");
  const [finding = ""] = told("L56", udp);
  assert.match(finding, /client: the client's address can be told with TCP only, not with UDP/);
  assert.deepEqual(told("L56", fullNat("client tcp-option")), []);
});
