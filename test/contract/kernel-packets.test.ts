// Packets captured behind the real kernel's ip_vs: what it sent to the real server for a datagram of
// 10.1.0.2 to 10.1.0.100 port 5000, over a virtual link, so with a partial checksum.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../../src/base/bytes.ts";
import type { Destination } from "../../src/model/balancer-table.ts";
import { internetChecksum } from "../../src/wire/checksum.ts";
import { clientMac, directorMac } from "./frames.ts";
import { modelUnderTest } from "./model-under-test.ts";
import { addDestination, addService, keyOf } from "./tables.ts";

const key = keyOf("UDP", "10.1.0.100:5000");
const captured = {
  DR: "45b800217a0f40003f11ac9d0a0100020a0100644f551388000d148668656c6c6f",
  NAT: "45b8002138ef40003f11ee150a0100020a02000b4e201389000d142e68656c6c6f",
};

/** The datagram as the client sent it: TTL 64, the virtual address and port, a partial checksum. */
function sentBefore(packet: string): Uint8Array {
  const frame = new Uint8Array([...directorMac, ...clientMac, 8, 0, ...fromHex(packet)]);
  frame[22] = 64;
  frame.set([10, 1, 0, 100], 30);
  frame.set([0x13, 0x88], 36);
  const pseudo = 0x0a01 + 0x0002 + 0x0a01 + 0x0064 + 17 + 13;
  frame.set([pseudo >> 8, pseudo & 255], 40);
  frame.set([0, 0], 24);
  const checksum = internetChecksum(frame.subarray(14, 34));
  frame.set([checksum >> 8, checksum & 255], 24);
  return frame;
}

function forwarded(packet: string, at: string, more: Partial<Destination>): string {
  const { balancer, apply } = modelUnderTest();
  apply(addService(key, "rr"));
  apply(addDestination(key, at, more));
  const verdict = balancer.handlePacket(sentBefore(packet), 0, { checksum: "partial" });
  return verdict.kind === "forward" ? toHex(verdict.frame.subarray(14)) : verdict.kind;
}

test("direct routing sends what the kernel sent, byte for byte", () => {
  assert.equal(forwarded(captured.DR, "10.2.0.11:5000", { forwarding: "DR" }), captured.DR);
});

test("NAT to another port sends what the kernel sent, byte for byte", () => {
  assert.equal(forwarded(captured.NAT, "10.2.0.11:5001", { forwarding: "NAT" }), captured.NAT);
});
