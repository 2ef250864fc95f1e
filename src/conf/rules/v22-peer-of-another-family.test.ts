import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../../test/rules/check-text.ts";
import { instanceWith } from "./example-texts.ts";
import { peerOfAnotherFamily } from "./v22-peer-of-another-family.ts";

test("what it finds in its examples stands where it is wrong", () => {
  assert.deepEqual(
    peerOfAnotherFamily.bad.map((text) => told("V22", String(text))),
    [
      ["10 2001:db8::2: the peer `2001:db8::2` is IPv6, and `VI_1` is an IPv4 instance"],
      ["9 2001:db8::1: the source `2001:db8::1` is IPv6, and `VI_1` is an IPv4 instance"],
    ],
  );
});

test("what stands first fixes the family: a peer above makes the address the odd one", () => {
  const above = instanceWith("").replace(
    "    virtual_ipaddress {",
    "    unicast_peer {\n        2001:db8::2\n    }\n    virtual_ipaddress {",
  );
  assert.deepEqual(told("V22", above), [
    "10 192.0.2.17/24: the virtual address `192.0.2.17` is IPv4, and `VI_1` is an IPv6 instance",
  ]);
});

/** An instance with addresses of both families and these peers. */
function dualStack(...peers: readonly string[]): string {
  const lines = `dual_stack\nunicast_peer {\n${peers.map((peer) => `    ${peer}\n`).join("")}}`;
  return instanceWith(lines).replace(
    "        192.0.2.17/24",
    "        192.0.2.17/24\n        2001:db8::17/64",
  );
}

test("with dual_stack there are peers of both families, or one half goes by multicast", () => {
  assert.deepEqual(told("V22", dualStack("192.0.2.2", "2001:db8::2")), []);
  assert.deepEqual(told("V22", dualStack("192.0.2.2")), [
    "8 2001:db8::17/64: `VI_1` has unicast peers, and none of them is IPv6 like `2001:db8::17`",
  ]);
});
