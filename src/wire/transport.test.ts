// TCP, UDP and ICMP: what is encoded is decoded, and cut-off bytes are refused at every length.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "../base/bytes.ts";
import { internetChecksum } from "./checksum.ts";
import { decodeIcmpMessage, encodeIcmpMessage } from "./icmp.ts";
import { decodeTcpSegment, encodeTcpSegment } from "./tcp.ts";
import { decodeUdpDatagram, encodeUdpDatagram } from "./udp.ts";

const ends = { source: 0x0a010002, destination: 0x0a010064 };

test("a UDP datagram has the bytes that Linux sent", () => {
  // From a capture: 10.1.0.2 port 20309 to 10.1.0.100 port 5000, "hello".
  const datagram = {
    sourcePort: 20309,
    destinationPort: 5000,
    payload: new TextEncoder().encode("hello"),
  };
  const bytes = encodeUdpDatagram(datagram, ends);
  assert.equal(toHex(bytes.subarray(0, 6)), "4f551388000d");
  assert.equal(toHex(bytes.subarray(8)), "68656c6c6f");
  assert.deepEqual(decodeUdpDatagram(bytes), { ok: true, value: datagram });
});

test("a TCP segment reads back as it was written, at every length but the whole a fault", () => {
  const segment = {
    sourcePort: 1,
    destinationPort: 65535,
    sequence: 0xfffffffe,
    acknowledgment: 7,
    flags: 18,
    window: 1000,
    payload: fromHex("010203"),
  };
  const bytes = encodeTcpSegment(segment, ends);
  assert.deepEqual(decodeTcpSegment(bytes), { ok: true, value: segment });
  for (let length = 0; length < 20; length++)
    assert.equal(decodeTcpSegment(bytes.subarray(0, length)).ok, false);
  bytes[12] = 0xf0;
  assert.equal(decodeTcpSegment(bytes).ok, false, "a header longer than the segment");
});

test("a UDP datagram that is shorter than it says is a fault", () => {
  const bytes = encodeUdpDatagram(
    { sourcePort: 1, destinationPort: 2, payload: fromHex("aa") },
    ends,
  );
  for (let length = 0; length < bytes.length; length++)
    assert.equal(decodeUdpDatagram(bytes.subarray(0, length)).ok, false);
});

test("an ICMP message carries its own checksum", () => {
  const message = { type: 3, code: 4, rest: 1400, payload: fromHex("4500") };
  const bytes = encodeIcmpMessage(message);
  assert.equal(internetChecksum(bytes), 0);
  assert.deepEqual(decodeIcmpMessage(bytes), { ok: true, value: message });
  for (let length = 0; length < 8; length++)
    assert.equal(decodeIcmpMessage(bytes.subarray(0, length)).ok, false);
});
