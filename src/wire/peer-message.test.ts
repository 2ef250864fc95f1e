import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { IpAddress } from "../base/address.ts";
import { hmac } from "./digest/hmac.ts";
import { sha256 } from "./digest/sha256.ts";
import { decodeIpPacket } from "./ip-packet.ts";
import {
  decodePeerMessage,
  encodePeerMessage,
  encodePeerPacket,
  type PeerMessage,
  peerMessageRouter,
} from "./peer-message.ts";

const sign = hmac(sha256, Uint8Array.of(1, 2, 3));
const message: PeerMessage = {
  kind: "candidate",
  vrid: 51,
  family: 4,
  priority: 150,
  state: "BACKUP",
  nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  echo: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
};

const anyMessage = fc.record<PeerMessage>({
  kind: fc.constantFrom("offer", "candidate", "grant", "query", "answer"),
  vrid: fc.integer({ min: 1, max: 255 }),
  family: fc.constantFrom(4, 6),
  priority: fc.integer({ min: 0, max: 255 }),
  state: fc.constantFrom("INIT", "BACKUP", "MASTER", "FAULT"),
  nonce: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  echo: fc.uint8Array({ minLength: 8, maxLength: 8 }),
});

test("what is written is read, and names its virtual router", () => {
  fc.assert(
    fc.property(anyMessage, (any) => {
      const bytes = encodePeerMessage(any, sign);
      assert.equal(bytes.length, 44);
      const { vrid, family } = any;
      assert.deepEqual(peerMessageRouter(bytes), { vrid, family });
      const decoded = decodePeerMessage(bytes, sign);
      assert.ok(decoded.ok);
      assert.deepEqual(
        { ...decoded.value, nonce: [...decoded.value.nonce], echo: [...decoded.value.echo] },
        { ...any, nonce: [...any.nonce], echo: [...any.echo] },
      );
    }),
  );
});

test("one bit that differs is enough to refuse a message", () => {
  const bytes = encodePeerMessage(message, sign);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const spoiled = bytes.slice();
    spoiled[bit >> 3] = (spoiled[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(decodePeerMessage(spoiled, sign).ok, false, `bit ${bit}`);
  }
});

test("another secret, another length, other bytes: refused, and never a crash", () => {
  const other = decodePeerMessage(
    encodePeerMessage(message, hmac(sha256, new Uint8Array(1))),
    sign,
  );
  assert.deepEqual(other, { ok: false, fault: { kind: "signature-wrong" } });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      assert.equal(decodePeerMessage(bytes, sign).ok, false);
      peerMessageRouter(bytes);
    }),
  );
});

test("the packet leaves with TTL 255, to the port on both sides, in either family", () => {
  const bytes = encodePeerMessage(message, sign);
  for (const [family, from, to] of [
    [4, "10.0.0.1", "224.0.0.18"],
    [6, "fe80::1", "ff02::12"],
  ] as const) {
    const ends = { source: from as IpAddress, destination: to as IpAddress, port: 8112 };
    const packet = decodeIpPacket(encodePeerPacket(bytes, ends), family);
    assert.ok(packet.ok);
    assert.equal(packet.value.hopLimit, 255);
    assert.deepEqual([...packet.value.payload.subarray(0, 6)], [0x1f, 0xb0, 0x1f, 0xb0, 0, 52]);
    assert.deepEqual([...packet.value.payload.subarray(8)], [...bytes]);
  }
});
