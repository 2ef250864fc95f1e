import assert from "node:assert/strict";
import { test } from "node:test";
import { addressFault, routeFault, ruleFault } from "./line-checks.ts";

const words = (text: string): readonly string[] => text.split(" ");

test("a route has addresses of one family, and options of it", () => {
  assert.equal(routeFault(words("192.0.2.0/24 via 192.0.2.1 dev eth0")), undefined);
  assert.equal(routeFault(words("default via 2001:db8::1")), undefined);
  assert.equal(routeFault(words("src 192.0.2.2 192.0.2.0/24 via inet 192.0.2.1")), undefined);
  assert.match(routeFault(words("via inet 192.0.2.1 dev eth0")) ?? "", /needs a destination/);
  assert.match(routeFault(words("192.0.2.0/24 via 2001:db8::1")) ?? "", /not of the family/);
  assert.match(routeFault(words("192.0.2.0/24 expires 5")) ?? "", /is for IPv6/);
  assert.match(routeFault(words("2001:db8::/64 realms 5")) ?? "", /is for IPv4/);
  assert.match(routeFault(words("192.0.2.0/24 inet6")) ?? "", /is for IPv6/);
});

test("what wraps a route's packets is told as its kind needs, and may be of the other family", () => {
  assert.equal(routeFault(words("192.0.2.0/24 encap ip6 dst 2001:db8::1")), undefined);
  assert.equal(routeFault(words("192.0.2.0/24 encap mpls 100/200 via 192.0.2.1")), undefined);
  assert.match(routeFault(words("192.0.2.0/24 encap mpls")) ?? "", /labels/);
  assert.match(routeFault(words("192.0.2.0/24 encap ip id 5 tc 1")) ?? "", /no option of/);
  assert.equal(routeFault(words("192.0.2.0/24 encap ip6 id 5 dev eth0 tos 4")), undefined);
  assert.match(routeFault(words("192.0.2.0/24 encap ip ttl 5")) ?? "", /`dst` or an `id`/);
});

test("a rule does one thing", () => {
  assert.equal(ruleFault(words("from 192.0.2.0/24 table 100")), undefined);
  assert.equal(ruleFault(words("from 192.0.2.0/24 type blackhole")), undefined);
  assert.match(ruleFault(words("from 192.0.2.0/24")) ?? "", /does nothing/);
  assert.match(
    ruleFault(words("from 192.0.2.0/24 table 5 prohibit")) ?? "",
    /another than `table`/,
  );
  assert.match(ruleFault(words("from 192.0.2.0/24 table 0")) ?? "", /no table 0/);
});

test("a rule jumps forwards only", () => {
  assert.equal(ruleFault(words("to 192.0.2.0/24 goto 20 preference 10")), undefined);
  assert.match(ruleFault(words("to 192.0.2.0/24 goto 5 preference 10")) ?? "", /leads back/);
});

test("an address with a peer has no length", () => {
  assert.equal(addressFault(words("192.0.2.1 dev eth0 peer 192.0.2.2")), undefined);
  assert.match(addressFault(words("192.0.2.1/24 peer 192.0.2.2")) ?? "", /write `192.0.2.1`/);
});
