import assert from "node:assert/strict";
import { test } from "node:test";
import {
  clientMac,
  ip,
  packetOf,
  portsOf,
  tcpFrame,
  udpFrame,
} from "../../../test/contract/frames.ts";
import { transportChecksum } from "../../../test/contract/invariants.ts";
import { addDestination, addService, keyOf } from "../../../test/contract/tables.ts";
import { Balancer } from "../../balancer/balancer.ts";
import { viewPacket } from "../../balancer/packet.ts";
import { present } from "../../base/assert.ts";
import { decodeTcpSegment, tcpFlags } from "../../wire/tcp.ts";
import { buildReset, SilencedPackets } from "./bystander.ts";
import { completeChecksum } from "./local-delivery.ts";

const client = "10.1.0.2:40000";
const virtual = "10.1.0.100:80";

function resetOf(frame: Uint8Array): ReturnType<typeof decodeTcpSegment> {
  const reset = present(buildReset(frame), "the segment is answered");
  assert.equal(transportChecksum(reset), 0);
  assert.deepEqual(reset.subarray(0, 6), clientMac);
  assert.deepEqual(portsOf(packetOf(reset)), [80, 40000]);
  return decodeTcpSegment(packetOf(reset).payload);
}

test("a stray segment is reset at the place that its acknowledgment names", () => {
  const reset = resetOf(tcpFrame(client, virtual, "A"));
  assert.ok(reset.ok);
  assert.equal(reset.value.flags, tcpFlags.rst);
  assert.equal(reset.value.sequence, 2000);
});

test("one without an acknowledgment has everything acknowledged that it sent", () => {
  const reset = resetOf(tcpFrame(client, virtual, "S", { payload: new Uint8Array(5) }));
  assert.ok(reset.ok);
  assert.equal(reset.value.flags, tcpFlags.rst | tcpFlags.ack);
  assert.equal(reset.value.acknowledgment, 1006);
});

test("a reset is never answered, nor is anything but TCP", () => {
  assert.equal(buildReset(tcpFrame(client, virtual, "R")), undefined);
  assert.equal(buildReset(udpFrame(client, virtual)), undefined);
});

test("what the kernel does not see is told apart by service and real server", () => {
  const balancer = new Balancer();
  const key = keyOf("TCP", virtual);
  balancer.configure(addService(key, "rr"));
  balancer.configure(addDestination(key, "10.2.0.11:8080"));
  const silenced = new SilencedPackets(balancer.table());
  const why = (frame: Uint8Array): string | undefined =>
    silenced.why(
      present(viewPacket(frame), "a whole packet"),
      (address) => address === ip("10.2.0.1"),
    );
  assert.equal(why(tcpFrame(client, virtual, "A")), "to-service");
  assert.equal(why(tcpFrame(client, "10.1.0.100:81", "A")), undefined);
  assert.equal(why(tcpFrame("10.2.0.11:8080", client, "A")), "from-real-server");
  assert.equal(why(tcpFrame("10.2.0.11:8080", "10.2.0.1:999", "A")), undefined, "a health check");
  assert.equal(why(udpFrame("10.2.0.11:8080", client)), undefined);
});

test("a checksum that was left to a network card is completed", () => {
  const frame = tcpFrame(client, virtual, "PA", { payload: Uint8Array.of(1, 2, 3) });
  const right = frame.slice();
  const pseudo = 0x0a01 + 0x0002 + 0x0a01 + 0x0064 + 6 + 23;
  frame.set([pseudo >> 8, pseudo & 255], 50);
  const offload = Uint8Array.of(1, 0, 0, 0, 0, 0, 34, 0, 16, 0);
  completeChecksum(frame, offload);
  assert.deepEqual(frame, right);
});
