import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeArpPacket } from "./arp.ts";
import { decodeEthernetFrame } from "./ethernet.ts";
import { decodeIpv4Packet, encodeIpv4Packet } from "./ipv4.ts";
import { decodeVrrpAdvert, encodeVrrpAdvert, type VrrpAdvert } from "./vrrp-advert.ts";

const ends = { source: 0x0a000001, destination: 0xe0000012 };
const addresses = fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 255 });
const byte = fc.integer({ min: 0, max: 255 });

const adverts: fc.Arbitrary<VrrpAdvert> = fc.oneof(
  fc.record(
    {
      version: fc.constant(2 as const),
      vrid: byte,
      priority: byte,
      intervalS: byte,
      authType: byte,
      authData: fc.uint8Array({ minLength: 8, maxLength: 8 }),
      addresses,
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      version: fc.constant(3 as const),
      vrid: byte,
      priority: byte,
      intervalCs: fc.integer({ min: 0, max: 4095 }),
      addresses,
    },
    { noNullPrototype: true },
  ),
);

test("what was encoded decodes to itself", () => {
  fc.assert(
    fc.property(adverts, (advert) => {
      const decoded = decodeVrrpAdvert(encodeVrrpAdvert(advert, ends), ends);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, advert);
    }),
  );
});

test("every truncation of an advert is refused, and so is every added byte", () => {
  fc.assert(
    fc.property(adverts, (advert) => {
      const bytes = encodeVrrpAdvert(advert, ends);
      for (let length = 0; length < bytes.length; length++) {
        const cut = decodeVrrpAdvert(bytes.subarray(0, length), ends);
        assert.equal(cut.ok, false);
        if (!cut.ok) assert.equal(cut.fault.kind, length < 8 ? "truncated" : "length-wrong");
      }
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes);
      assert.equal(decodeVrrpAdvert(longer, ends).ok, false);
    }),
    { numRuns: 20 },
  );
});

test("a wrong bit is never accepted as the same advert", () => {
  fc.assert(
    fc.property(adverts, fc.nat(), (advert, where) => {
      const bytes = encodeVrrpAdvert(advert, ends);
      const bit = where % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const decoded = decodeVrrpAdvert(bytes, ends);
      if (decoded.ok) assert.notDeepEqual(decoded.value, advert);
    }),
  );
});

test("decoders return a fault for any bytes and never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      decodeVrrpAdvert(bytes, ends);
      decodeIpv4Packet(bytes);
      decodeEthernetFrame(bytes);
      decodeArpPacket(bytes);
    }),
  );
});

test("an IPv4 packet survives encoding, also with padding behind it", () => {
  const packet = {
    tos: 0xc0,
    identification: 7,
    ttl: 255,
    protocol: 112,
    ...ends,
    payload: Uint8Array.of(1, 2, 3),
  };
  const bytes = encodeIpv4Packet(packet);
  const padded = new Uint8Array(46);
  padded.set(bytes);
  assert.deepEqual(decodeIpv4Packet(bytes), { ok: true, value: packet });
  assert.deepEqual(decodeIpv4Packet(padded), { ok: true, value: packet });
});
