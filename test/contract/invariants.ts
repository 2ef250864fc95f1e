// What must hold of any data plane, whatever it chooses: checked while a stream is played.

import assert from "node:assert/strict";
import { addToChecksum, finishChecksum, internetChecksum } from "../../src/wire/checksum.ts";
import { crc32c } from "../../src/wire/crc32c.ts";
import { pseudoHeaderSum } from "../../src/wire/ip-packet.ts";
import { IP_PROTOCOL_SCTP, readSctpChecksum, SCTP_CHECKSUM_OFFSET } from "../../src/wire/sctp.ts";
import { ipPacketOf, portsOf } from "./frames.ts";
import type { EngineUnderTest, FrameOutcome } from "./stream.ts";

/** Sums over all forwarded frames, to be compared with what the data plane counted. */
export interface Tally {
  inPackets: number;
  inBytes: number;
  outPackets: number;
  outBytes: number;
}

/** The engine, with each of its outcomes checked against the frame that caused it. */
export function watched(
  engine: EngineUnderTest,
  virtual: string,
): EngineUnderTest & { readonly tally: Tally } {
  const tally: Tally = { inPackets: 0, inBytes: 0, outPackets: 0, outBytes: 0 };
  const removed = new Set<string>();
  return {
    ...engine,
    tally,
    apply(operation) {
      if (operation.kind === "remove-destination") removed.add(operation.address);
      if (operation.kind === "add-destination") removed.delete(operation.destination.address);
      return engine.apply(operation);
    },
    async handle(frame) {
      const before = frame.slice();
      const outcome = await engine.handle(frame);
      assert.deepEqual(frame, before, "a frame that was handed over is not changed");
      if (outcome.kind !== "forward") return outcome;
      // The replies of a removed server still find their way; nobody counts them.
      const sender = ipPacketOf(frame).source;
      const ignored = { inPackets: 0, inBytes: 0, outPackets: 0, outBytes: 0 };
      checkForwarded(frame, outcome, virtual, removed.has(sender) ? ignored : tally);
      return outcome;
    },
  };
}

function checkForwarded(
  frame: Uint8Array,
  outcome: Extract<FrameOutcome, { readonly kind: "forward" }>,
  virtual: string,
  tally: Tally,
): void {
  const [before, after] = [ipPacketOf(frame), ipPacketOf(outcome.frame)];
  assert.equal(after.hopLimit, before.hopLimit - 1, "forwarding costs one hop");
  if (frame[12] === 8)
    assert.equal(internetChecksum(outcome.frame.subarray(14, 34)), 0, "the IP checksum is right");
  assert.equal(transportChecksum(outcome.frame), 0, "the transport checksum is right");
  assert.deepEqual(after.payload.subarray(20), before.payload.subarray(20), "data is untouched");
  const length = frame.length - 14;
  const inbound = before.destination === virtual;
  if (inbound) {
    tally.inPackets++;
    tally.inBytes += length;
    assert.equal(after.source, before.source, "the client's address stays");
    assert.equal(portsOf(after)[0], portsOf(before)[0], "the client's port stays");
  } else {
    tally.outPackets++;
    tally.outBytes += length;
    assert.equal(after.source, virtual, "replies come from the virtual address");
    assert.equal(after.destination, before.destination);
    assert.equal(portsOf(after)[0], 80, "and from the virtual port");
  }
}

/** 0 when the checksum of the TCP segment, UDP datagram or SCTP packet is right. */
export function transportChecksum(frame: Uint8Array): number {
  const { source, destination, protocol, payload } = ipPacketOf(frame);
  if (protocol === IP_PROTOCOL_SCTP) {
    const blank = payload.slice();
    blank.fill(0, SCTP_CHECKSUM_OFFSET, SCTP_CHECKSUM_OFFSET + 4);
    return (readSctpChecksum(payload, SCTP_CHECKSUM_OFFSET) ^ crc32c(blank, 0, blank.length)) >>> 0;
  }
  const pseudo = pseudoHeaderSum(source, destination, protocol, payload.length);
  return finishChecksum(addToChecksum(pseudo, payload, 0, payload.length));
}
