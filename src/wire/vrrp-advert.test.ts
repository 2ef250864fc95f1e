import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type IpAddress, ipAddressFromBytes } from "../base/address.ts";
import {
  ADVERT_TRAILER_LENGTH,
  advertSignatureHolds,
  decodeAdvertTrailer,
  secondsOfSequence,
  sequenceAfter,
  sequenceAt,
} from "./advert-trailer.ts";
import { decodeArpPacket } from "./arp.ts";
import {
  decodeAuthenticationHeader,
  encodeSealedPacket,
  sealHolds,
} from "./authentication-header.ts";
import { hmac } from "./digest/hmac.ts";
import { md5 } from "./digest/md5.ts";
import { sha256 } from "./digest/sha256.ts";
import { decodeEthernetFrame } from "./ethernet.ts";
import { decodeIpPacket, encodeIpPacket } from "./ip-packet.ts";
import { decodeIpv4Packet, encodeIpv4Packet } from "./ipv4.ts";
import { decodeIpv6Packet, solicitedNodeGroup } from "./ipv6.ts";
import {
  decodeNeighbourAdvertisement,
  encodeNeighbourAdvertisement,
} from "./neighbour-advertisement.ts";
import { decodeVrrpAdvert, encodeVrrpAdvert, type VrrpAdvert } from "./vrrp-advert.ts";

const ends4 = { source: "10.0.0.1" as IpAddress, destination: "224.0.0.18" as IpAddress };
const ends6 = { source: "fe80::1" as IpAddress, destination: "ff02::12" as IpAddress };
const byte = fc.integer({ min: 0, max: 255 });
const key = fc.uint8Array({ minLength: 32, maxLength: 64 });

function addressesOf(length: 4 | 16): fc.Arbitrary<IpAddress> {
  return fc.uint8Array({ minLength: length, maxLength: length }).map(ipAddressFromBytes);
}

function advertsOf(length: 4 | 16): fc.Arbitrary<VrrpAdvert> {
  const addresses = fc.array(addressesOf(length), { maxLength: 255 });
  const common = { vrid: byte, priority: byte, addresses };
  const plain = { noNullPrototype: true };
  return fc.oneof(
    fc.record(
      {
        version: fc.constant(2 as const),
        ...common,
        intervalS: byte,
        authType: byte,
        authData: fc.uint8Array({ minLength: 8, maxLength: 8 }),
      },
      plain,
    ),
    fc.record(
      {
        version: fc.constant(3 as const),
        ...common,
        intervalCs: fc.integer({ min: 0, max: 4095 }),
      },
      plain,
    ),
  );
}

const cases = fc.oneof(
  advertsOf(4).map((advert) => ({ advert, ends: ends4 })),
  advertsOf(16).map((advert) => ({ advert, ends: ends6 })),
);

test("what was encoded decodes to itself, in both families", () => {
  fc.assert(
    fc.property(cases, ({ advert, ends }) => {
      const decoded = decodeVrrpAdvert(encodeVrrpAdvert(advert, ends), ends);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.advert, advert);
      assert.equal(decoded.value.signed, false);
    }),
  );
});

test("a signed advert decodes to itself, and its signature depends on every bit of it", () => {
  fc.assert(
    fc.property(cases, key, fc.nat(), ({ advert, ends }, secret, where) => {
      const mac = hmac(sha256, secret);
      const signature = { keyId: 7, sequence: sequenceAt(1_700_000_000_123), mac };
      const bytes = encodeVrrpAdvert(advert, ends, { signature });
      const decoded = decodeVrrpAdvert(bytes, ends);
      assert.ok(decoded.ok && decoded.value.signed);
      assert.deepEqual(decoded.value.advert, advert);
      const trailer = decodeAdvertTrailer(bytes.subarray(-ADVERT_TRAILER_LENGTH));
      assert.deepEqual(trailer, { wellFormed: true, keyId: 7, sequence: signature.sequence });
      assert.ok(advertSignatureHolds(bytes, ends.source, mac));
      assert.ok(!advertSignatureHolds(bytes, "10.0.0.2" as IpAddress, mac));
      const bit = where % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const inChecksum = bit >> 3 === 6 || bit >> 3 === 7;
      assert.equal(advertSignatureHolds(bytes, ends.source, mac), inChecksum);
    }),
    { numRuns: 60 },
  );
});

test("sequences are ordered as time is, beyond the end of their field as well", () => {
  assert.equal(secondsOfSequence(sequenceAt(1_700_000_000_999)), 1_700_000_000);
  assert.equal(sequenceAt(1500), (1n << 32n) | (0x8000n << 16n));
  assert.ok(sequenceAfter(sequenceAt(2000.02), sequenceAt(2000)));
  assert.ok(!sequenceAfter(sequenceAt(2000), sequenceAt(2000)));
  assert.ok(sequenceAfter(5n, 0xffff_ffff_ffff_fff0n));
});

test("a sealed packet opens with the right password only, and with no bit changed", () => {
  const packet = {
    tos: 0xc0,
    identification: 9,
    ttl: 255,
    protocol: 112,
    source: 0x0a000001,
    destination: 0xe0000012,
    payload: Uint8Array.of(1, 2, 3, 4),
  };
  const mac = hmac(md5, Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0));
  for (const unicast of [false, true]) {
    const bytes = encodeSealedPacket(packet, { sequence: 5, mac, unicast });
    assert.ok(sealHolds(bytes, { mac, unicast }));
    assert.ok(!sealHolds(bytes, { mac: hmac(md5, Uint8Array.of(9)), unicast }));
    const header = decodeAuthenticationHeader(bytes.subarray(20));
    assert.ok(header.ok);
    assert.equal(header.value.header.sequence, 5);
    assert.deepEqual([...header.value.payload], [1, 2, 3, 4]);
    const mutable = new Set([1, 6, 7, 10, 11, ...(unicast ? [8] : [])]);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(sealHolds(damaged, { mac, unicast }), mutable.has(bit >> 3), `bit ${bit}`);
    }
  }
});

test("every truncation of an advert is refused, and so is every added byte", () => {
  fc.assert(
    fc.property(cases, ({ advert, ends }) => {
      const bytes = encodeVrrpAdvert(advert, ends);
      for (let length = 0; length < bytes.length; length++) {
        const cut = decodeVrrpAdvert(bytes.subarray(0, length), ends);
        assert.equal(cut.ok, false);
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
    fc.property(cases, fc.nat(), ({ advert, ends }, where) => {
      const bytes = encodeVrrpAdvert(advert, ends);
      const bit = where % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const decoded = decodeVrrpAdvert(bytes, ends);
      if (decoded.ok) assert.notDeepEqual(decoded.value.advert, advert);
    }),
  );
});

test("decoders return a fault for any bytes and never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
      decodeVrrpAdvert(bytes, ends4);
      decodeVrrpAdvert(bytes, ends6, ends6.destination);
      decodeIpv4Packet(bytes);
      decodeIpv6Packet(bytes);
      decodeIpPacket(bytes, 6);
      decodeEthernetFrame(bytes);
      decodeArpPacket(bytes);
      decodeAuthenticationHeader(bytes);
      decodeAdvertTrailer(bytes);
      decodeNeighbourAdvertisement(bytes);
    }),
    { numRuns: 500 },
  );
});

test("an IPv4 packet survives encoding, also with padding behind it", () => {
  const packet = {
    tos: 0xc0,
    identification: 7,
    ttl: 255,
    protocol: 112,
    source: 0x0a000001,
    destination: 0xe0000012,
    payload: Uint8Array.of(1, 2, 3),
  };
  const bytes = encodeIpv4Packet(packet);
  const padded = new Uint8Array(46);
  padded.set(bytes);
  assert.deepEqual(decodeIpv4Packet(bytes), { ok: true, value: packet });
  assert.deepEqual(decodeIpv4Packet(padded), { ok: true, value: packet });
});

test("packets of either family survive encoding, also with padding behind them", () => {
  const any = { hopLimit: 255, trafficClass: 0xc0, protocol: 112, payload: Uint8Array.of(1, 2, 3) };
  for (const packet of [
    { ...any, ...ends4, label: 7 },
    { ...any, ...ends6, label: 0x96cc7 },
  ]) {
    const family = packet.source === ends6.source ? 6 : 4;
    const bytes = encodeIpPacket(packet);
    const padded = new Uint8Array(bytes.length + 3);
    padded.set(bytes);
    assert.deepEqual(decodeIpPacket(bytes, family), { ok: true, value: packet });
    assert.deepEqual(decodeIpPacket(padded, family), { ok: true, value: packet });
    assert.ok(!decodeIpPacket(bytes, family === 6 ? 4 : 6).ok);
    assert.ok(!decodeIpPacket(bytes.subarray(0, -1), family).ok);
  }
});

test("neighbour advertisements survive encoding, with any flags", () => {
  const advertisement = {
    router: true,
    solicited: false,
    override: true,
    target: "2001:db8::7" as IpAddress,
    targetHardware: Uint8Array.of(2, 0, 0, 0, 0, 1),
  };
  const packetOf = (message: Uint8Array, hopLimit: number): Uint8Array =>
    encodeIpPacket({
      ...ends6,
      hopLimit,
      trafficClass: 0,
      protocol: 58,
      label: 0,
      payload: message,
    });
  const message = encodeNeighbourAdvertisement(advertisement, ends6);
  assert.deepEqual(decodeNeighbourAdvertisement(packetOf(message, 255)), {
    ok: true,
    value: { ...advertisement, ...ends6 },
  });
  // RFC 4861 section 7.1.2.
  assert.deepEqual(decodeNeighbourAdvertisement(packetOf(message, 254)), {
    ok: false,
    fault: { kind: "hop-limit-wrong" },
  });
  message[5] = 1;
  assert.deepEqual(decodeNeighbourAdvertisement(packetOf(message, 255)), {
    ok: false,
    fault: { kind: "checksum-wrong" },
  });
  assert.equal(solicitedNodeGroup("2001:db8::1:2:3" as IpAddress), "ff02::1:ff02:3");
});
