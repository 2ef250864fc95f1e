import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeIpv4Packet } from "../wire/ipv4.ts";
import { encodePassword, encodeVrrpAdvert, type VrrpAdvert } from "../wire/vrrp-advert.ts";
import { type AdvertExpectation, type RejectKind, validateAdvert } from "./validate-advert.ts";

const OWN = 0x0a000001;
const PEER = 0x0a000002;
const GROUP = 0xe0000012;
const VIP = 0x0a000064;
const link = { ownAddresses: [OWN], group: GROUP };
const v2: AdvertExpectation = {
  version: 2,
  intervalCs: 100,
  authType: 1,
  authData: encodePassword("1111"),
  addresses: new Set([VIP]),
};
const v3: AdvertExpectation = { ...v2, version: 3, authType: 0 };
const instances = new Map([
  [51, v2],
  [52, v3],
]);

const advertV2 = {
  version: 2,
  vrid: 51,
  priority: 100,
  intervalS: 1,
  authType: 1,
  authData: encodePassword("1111"),
  addresses: [VIP],
} as const;
const advertV3 = {
  version: 3,
  vrid: 52,
  priority: 100,
  intervalCs: 100,
  addresses: [VIP],
} as const;

interface PacketOptions {
  readonly ttl?: number;
  readonly protocol?: number;
  readonly source?: number;
  readonly destination?: number;
}

function packet(advert: VrrpAdvert, options: PacketOptions = {}): Uint8Array {
  const ends = { source: options.source ?? PEER, destination: options.destination ?? GROUP };
  return encodeIpv4Packet({
    tos: 0xc0,
    identification: 1,
    ttl: options.ttl ?? 255,
    protocol: options.protocol ?? 112,
    ...ends,
    payload: encodeVrrpAdvert(advert, ends),
  });
}

/** The packet with bytes of the VRRP message replaced; its checksum is mended unless told not to. */
function damaged(bytes: Uint8Array, changes: Readonly<Record<number, number>>): Uint8Array {
  const copy = bytes.slice();
  for (const [offset, value] of Object.entries(changes)) copy[20 + Number(offset)] = value;
  copy[26] = 0;
  copy[27] = 0;
  let sum = 0;
  for (let i = 20; i < copy.length; i += 2) sum += ((copy[i] ?? 0) << 8) | (copy[i + 1] ?? 0);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
  copy[26] = sum >> 8;
  copy[27] = sum & 255;
  return copy;
}

function verdict(bytes: Uint8Array): string {
  const result = validateAdvert(bytes, link, instances);
  return result.ok ? "accepted" : result.fault.kind;
}

test("adverts of both versions are accepted, with the interval in milliseconds", () => {
  assert.deepEqual(validateAdvert(packet(advertV2), link, instances), {
    ok: true,
    value: { vrid: 51, priority: 100, source: PEER, intervalMs: 1000 },
  });
  assert.deepEqual(validateAdvert(packet({ ...advertV3, intervalCs: 7 }), link, instances), {
    ok: true,
    value: { vrid: 52, priority: 100, source: PEER, intervalMs: 70 },
  });
});

const good = packet(advertV2);
const rejections: readonly (readonly [RejectKind, string, Uint8Array])[] = [
  ["ip-header-wrong", "no IPv4 header", Uint8Array.of(0x45, 0, 0)],
  [
    "own-address",
    "our own source, whatever else is wrong",
    packet(advertV2, { source: OWN, ttl: 3 }),
  ],
  ["protocol-wrong", "another protocol", packet(advertV2, { protocol: 51 })],
  ["ttl-wrong", "TTL 254", packet(advertV2, { ttl: 254 })],
  [
    "truncated",
    "less than a VRRP header",
    encodeIpv4Packet({
      tos: 0,
      identification: 1,
      ttl: 255,
      protocol: 112,
      source: PEER,
      destination: GROUP,
      payload: Uint8Array.of(0x21, 51, 100, 1),
    }),
  ],
  ["version-wrong", "version 4", damaged(good, { 0: 0x41 })],
  ["version-wrong", "version 3 for an instance of version 2", packet({ ...advertV3, vrid: 51 })],
  ["length-wrong", "more addresses promised than sent", damaged(good, { 3: 2 })],
  [
    "checksum-wrong",
    "a flipped bit",
    (() => {
      const copy = good.slice();
      copy[22] = 101;
      return copy;
    })(),
  ],
  ["type-wrong", "type 2", damaged(good, { 0: 0x22 })],
  ["vrid-unknown", "another virtual router", packet({ ...advertV2, vrid: 9 })],
  ["destination-wrong", "sent to us alone", packet(advertV2, { destination: OWN })],
  ["auth-type-wrong", "no authentication", packet({ ...advertV2, authType: 0 })],
  ["auth-mismatch", "another password", packet({ ...advertV2, authData: encodePassword("1112") })],
  ["address-count-zero", "no address", packet({ ...advertV3, addresses: [], priority: 255 })],
  ["interval-zero", "interval 0 in version 3", packet({ ...advertV3, intervalCs: 0 })],
  ["interval-zero", "interval 0 in version 2", packet({ ...advertV2, intervalS: 0 })],
  ["interval-mismatch", "two seconds in version 2", packet({ ...advertV2, intervalS: 2 })],
  ["address-list-mismatch", "another address", packet({ ...advertV2, addresses: [VIP + 1] })],
  ["address-list-mismatch", "one address more", packet({ ...advertV2, addresses: [VIP, VIP + 1] })],
];

for (const [kind, description, bytes] of rejections) {
  test(`${kind}: ${description}`, () => {
    assert.equal(verdict(bytes), kind);
  });
}

test("the owner's address list may differ, and so may any list of version 3", () => {
  assert.equal(verdict(packet({ ...advertV2, priority: 255, addresses: [VIP + 1] })), "accepted");
  assert.equal(verdict(packet({ ...advertV3, addresses: [VIP + 1] })), "accepted");
});

test("no truncation of a valid packet and no random packet is accepted", () => {
  for (const whole of [packet(advertV2), packet(advertV3)])
    for (let length = 0; length < whole.length; length++)
      assert.notEqual(verdict(whole.subarray(0, length)), "accepted");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 90 }), (bytes) => {
      assert.notEqual(verdict(bytes), "accepted");
    }),
    { numRuns: 2000 },
  );
});
