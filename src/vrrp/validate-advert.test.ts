import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type IpAddress, ipv4Number } from "../base/address.ts";
import { type AdvertTrailer, sequenceAt } from "../wire/advert-trailer.ts";
import { encodeSealedPacket } from "../wire/authentication-header.ts";
import { hmac } from "../wire/digest/hmac.ts";
import { md5 } from "../wire/digest/md5.ts";
import { sha256 } from "../wire/digest/sha256.ts";
import { encodeIpPacket } from "../wire/ip-packet.ts";
import {
  type AdvertForm,
  encodePassword,
  encodeVrrpAdvert,
  type VrrpAdvert,
} from "../wire/vrrp-advert.ts";
import {
  type AdvertExpectation,
  type LinkExpectation,
  type RejectKind,
  validateAdvert,
} from "./validate-advert.ts";

const OWN = "10.0.0.1" as IpAddress;
const PEER = "10.0.0.2" as IpAddress;
const GROUP = "224.0.0.18" as IpAddress;
const VIP = "10.0.0.100" as IpAddress;
const OTHER = "10.0.0.101" as IpAddress;
const NOW_MS = 1_700_000_000_000;
const SIGNING = hmac(sha256, new Uint8Array(32).fill(7));
const SEALING = hmac(md5, encodePassword("secret"));
const multicast: LinkExpectation = {
  family: 4,
  ownAddresses: new Set([OWN]),
  group: GROUP,
  authenticationHeader: false,
  oldChecksumGroup: undefined,
};
const unicast: LinkExpectation = { ...multicast, group: undefined };
const sealed: LinkExpectation = { ...multicast, authenticationHeader: true };

function expectation(changes: Partial<AdvertExpectation>): AdvertExpectation {
  return {
    version: 3,
    intervalCs: 100,
    authType: 0,
    authData: encodePassword("1111"),
    addresses: new Set([VIP]),
    anySource: false,
    oldChecksum: false,
    strict: false,
    ignoresAdverts: false,
    trustsLastSource: false,
    memory: { sealed: new Map(), signed: new Map(), lastSource: undefined },
    ...changes,
  };
}

const v2 = expectation({ version: 2, authType: 1 });
const v3 = expectation({});
const owner = expectation({ ignoresAdverts: true });
const signature = { keys: new Map([[1, SIGNING]]), required: true, windowS: 5 };
const signing = expectation({ signature });
const permissive = expectation({ signature: { ...signature, required: false } });
const instances = new Map([
  [51, [v2]],
  [52, [v3]],
  [53, [owner]],
  [54, [signing]],
  [55, [permissive]],
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
  readonly hopLimit?: number;
  readonly protocol?: number;
  readonly source?: IpAddress;
  readonly destination?: IpAddress;
  readonly form?: AdvertForm;
}

function packet(advert: VrrpAdvert, options: PacketOptions = {}): Uint8Array {
  const ends = { source: options.source ?? PEER, destination: options.destination ?? GROUP };
  return encodeIpPacket({
    trafficClass: 0xc0,
    label: 1,
    hopLimit: options.hopLimit ?? 255,
    protocol: options.protocol ?? 112,
    ...ends,
    payload: encodeVrrpAdvert(advert, ends, options.form),
  });
}

function signed(
  trailer: Partial<AdvertTrailer> & { readonly mac?: typeof SIGNING } = {},
  vrid = 54,
): Uint8Array {
  const signature = { keyId: 1, sequence: sequenceAt(NOW_MS), mac: SIGNING, ...trailer };
  return packet({ ...advertV3, vrid }, { form: { signature } });
}

function seal(sequence: number, changes: { readonly ttl?: number } = {}): Uint8Array {
  const source = ipv4Number(PEER);
  const payload = encodeVrrpAdvert(
    { ...advertV2, authType: 2 },
    { source: PEER, destination: GROUP },
  );
  const bytes = encodeSealedPacket(
    {
      tos: 0xc0,
      identification: 1,
      ttl: changes.ttl ?? 255,
      protocol: 112,
      source,
      destination: ipv4Number(GROUP),
      payload,
    },
    { sequence, mac: SEALING, unicast: false },
  );
  return bytes;
}

/** The packet with bytes of the VRRP message replaced; its checksum is mended. */
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

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function verdict(
  bytes: Uint8Array,
  link: LinkExpectation = multicast,
  expected: ReadonlyMap<number, readonly AdvertExpectation[]> = instances,
): string {
  const result = validateAdvert(bytes, link, expected, NOW_MS);
  return result.ok ? ["accepted", ...result.value.notes].join(" ") : result.fault.kind;
}

test("adverts of both versions are accepted, with the interval in milliseconds", () => {
  const two = validateAdvert(packet(advertV2), multicast, instances, NOW_MS);
  assert.deepEqual(two, {
    ok: true,
    value: {
      vrid: 51,
      priority: 100,
      source: PEER,
      intervalMs: 1000,
      notes: [],
      lesson: { checksum: "message" },
      expectation: v2,
    },
  });
  const three = validateAdvert(
    packet({ ...advertV3, intervalCs: 7 }),
    multicast,
    instances,
    NOW_MS,
  );
  assert.ok(three.ok);
  assert.equal(three.value.intervalMs, 70);
  assert.deepEqual(three.value.notes, ["interval-differs"]);
  assert.deepEqual(three.value.lesson, { checksum: "pseudo-header" });
});

const good = packet(advertV2);
const rejections: readonly (readonly [RejectKind, string, Uint8Array])[] = [
  ["ip-header-wrong", "no IPv4 header", Uint8Array.of(0x45, 0, 0)],
  [
    "own-address",
    "our own source, whatever else is wrong",
    packet(advertV2, { source: OWN, hopLimit: 3 }),
  ],
  ["protocol-wrong", "another protocol", packet(advertV2, { protocol: 51 })],
  ["ttl-wrong", "TTL 254", packet(advertV2, { hopLimit: 254 })],
  [
    "truncated",
    "less than a VRRP header",
    encodeIpPacket({
      trafficClass: 0,
      label: 1,
      hopLimit: 255,
      protocol: 112,
      source: PEER,
      destination: GROUP,
      payload: Uint8Array.of(0x21, 51, 100, 1),
    }),
  ],
  ["version-wrong", "version 4", damaged(good, { 0: 0x41 })],
  ["version-wrong", "version 3 for an instance of version 2", packet({ ...advertV3, vrid: 51 })],
  ["length-wrong", "more addresses promised than sent", damaged(good, { 3: 2 })],
  ["checksum-wrong", "a flipped bit", flipped(good, 22)],
  ["type-wrong", "type 2", damaged(good, { 0: 0x22 })],
  ["vrid-unknown", "another virtual router", packet({ ...advertV2, vrid: 9 })],
  ["destination-wrong", "sent to us alone", packet(advertV2, { destination: OWN })],
  ["auth-type-wrong", "no authentication", packet({ ...advertV2, authType: 0 })],
  ["auth-type-wrong", "an authentication header is claimed", packet({ ...advertV2, authType: 2 })],
  ["auth-mismatch", "another password", packet({ ...advertV2, authData: encodePassword("1112") })],
  ["length-wrong", "signed, where nothing is signed", signed({}, 52)],
  [
    "signature-missing",
    "a plain advert where signed ones are wanted",
    packet({ ...advertV3, vrid: 54 }),
  ],
  ["signature-wrong", "a flipped bit of the signature", flipped(signed(), 59)],
  ["signature-wrong", "signed with another key", signed({ mac: SEALING })],
  [
    "signature-wrong",
    "a wrong signature where plain adverts are accepted",
    flipped(signed({}, 55), 59),
  ],
  ["key-unknown", "a key that is not ours", signed({ keyId: 2 })],
  ["stale", "signed six seconds ago", signed({ sequence: sequenceAt(NOW_MS - 6000) })],
  ["stale", "signed six seconds ahead", signed({ sequence: sequenceAt(NOW_MS + 6000) })],
  ["address-count-zero", "no address", packet({ ...advertV3, addresses: [], priority: 255 })],
  ["interval-zero", "interval 0 in version 3", packet({ ...advertV3, intervalCs: 0 })],
  ["interval-zero", "interval 0 in version 2", packet({ ...advertV2, intervalS: 0 })],
  ["interval-mismatch", "two seconds in version 2", packet({ ...advertV2, intervalS: 2 })],
  ["address-list-mismatch", "another address", packet({ ...advertV2, addresses: [OTHER] })],
  ["address-list-mismatch", "one address more", packet({ ...advertV2, addresses: [VIP, OTHER] })],
  ["owner-ignores", "an owner that ignores adverts", packet({ ...advertV3, vrid: 53 })],
];

for (const [kind, description, bytes] of rejections) {
  test(`${kind}: ${description}`, () => {
    assert.equal(verdict(bytes), kind);
  });
}

test("the owner's address list may differ, and so may any list of version 3", () => {
  assert.equal(
    verdict(packet({ ...advertV2, priority: 255, addresses: [OTHER] })),
    "accepted addresses-differ",
  );
  assert.equal(verdict(packet({ ...advertV3, addresses: [OTHER] })), "accepted addresses-differ");
});

test("a sender that is trusted may change its list, another one may not", () => {
  const memory = { ...v2.memory, lastSource: PEER };
  const trusting = new Map([[51, [expectation({ ...v2, trustsLastSource: true, memory })]]]);
  const changed = { ...advertV2, addresses: [OTHER] };
  assert.equal(verdict(packet(changed), multicast, trusting), "accepted");
  const stranger = packet(changed, { source: "10.0.0.3" as IpAddress });
  assert.equal(verdict(stranger, multicast, trusting), "address-list-mismatch");
});

test("signed adverts: accepted once, in order, from each sender", () => {
  const sequence = sequenceAt(NOW_MS);
  const result = validateAdvert(signed(), multicast, instances, NOW_MS);
  assert.ok(result.ok);
  assert.deepEqual(result.value.lesson, { checksum: "pseudo-header", signed: sequence });
  const after = (last: bigint, windowS: number | undefined): string => {
    const memory = { ...signing.memory, signed: new Map([[PEER, last]]) };
    const known = expectation({ signature: { ...signature, windowS }, memory });
    return verdict(signed(), multicast, new Map([[54, [known]]]));
  };
  assert.equal(after(sequence, 5), "replayed");
  assert.equal(after(sequence + 1n, 5), "replayed");
  assert.equal(after(sequence - 1n, 5), "accepted");
  // The mark of a clock that was set back orders nothing any more, unless order is all there is.
  assert.equal(after(sequenceAt(NOW_MS + 60_000), 5), "accepted");
  assert.equal(after(sequenceAt(NOW_MS + 60_000), undefined), "replayed");
});

test("while a site is converted, plain adverts are accepted and named", () => {
  assert.equal(verdict(packet({ ...advertV3, vrid: 55 })), "accepted unsigned");
  assert.equal(verdict(signed({}, 55)), "accepted");
});

test("authentication headers: accepted in order, from the sender that signed", () => {
  const sealing = (last?: number): ReadonlyMap<number, readonly AdvertExpectation[]> => {
    const heard = new Map(last === undefined ? [] : [[PEER, last] as const]);
    const memory = { ...v2.memory, sealed: heard };
    return new Map([[51, [expectation({ ...v2, authType: 2, sealMac: SEALING, memory })]]]);
  };
  assert.equal(verdict(seal(5), sealed, sealing()), "accepted");
  assert.equal(verdict(seal(5), sealed, sealing(4)), "accepted");
  assert.equal(verdict(seal(5), sealed, sealing(5)), "replayed");
  assert.equal(verdict(seal(5, { ttl: 254 }), sealed, sealing()), "ttl-wrong");
  assert.equal(verdict(flipped(seal(5), 35), sealed, sealing()), "auth-mismatch");
  assert.equal(verdict(packet(advertV2), sealed, sealing()), "protocol-wrong");
  assert.equal(verdict(seal(5).subarray(0, 30), sealed, sealing()), "ip-header-wrong");
});

test("unicast: the peers of the instance with their TTLs, and nobody else", () => {
  const peers = new Map([
    [PEER, { min: 255, max: 255 }],
    [OTHER, { min: 60, max: 64 }],
  ]);
  const known = new Map([[52, [expectation({ peers })]]]);
  const from = (source: IpAddress, hopLimit: number, destination = OWN): string =>
    verdict(packet(advertV3, { source, hopLimit, destination }), unicast, known);
  assert.equal(from(PEER, 255), "accepted");
  assert.equal(from(PEER, 254), "ttl-wrong");
  assert.equal(from(OTHER, 62), "accepted");
  assert.equal(from(OTHER, 65), "ttl-wrong");
  assert.equal(from("10.0.0.9" as IpAddress, 255), "peer-unknown");
  assert.equal(from(PEER, 255, GROUP), "destination-wrong");
  const open = new Map([[52, [expectation({ peers, anySource: true })]]]);
  const stranger = { source: "203.0.113.9" as IpAddress, hopLimit: 17, destination: OWN };
  assert.equal(verdict(packet(advertV3, stranger), unicast, open), "accepted");
});

test("unicast instances with one VRID are told apart by their peers", () => {
  const first = expectation({ peers: new Map([[PEER, { min: 255, max: 255 }]]) });
  const second = expectation({ peers: new Map([[OTHER, { min: 255, max: 255 }]]) });
  const known = new Map([[52, [first, second]]]);
  for (const [source, expected] of [
    [PEER, first],
    [OTHER, second],
  ] as const) {
    const bytes = packet(advertV3, { source, destination: OWN });
    const result = validateAdvert(bytes, unicast, known, NOW_MS);
    assert.ok(result.ok);
    assert.equal(result.value.expectation, expected);
  }
});

test("old unicast checksums are accepted by the instances that are told so", () => {
  const peers = new Map([[PEER, { min: 255, max: 255 }]]);
  const bytes = packet(advertV3, { destination: OWN, form: { checksumDestination: GROUP } });
  const old: LinkExpectation = { ...unicast, oldChecksumGroup: GROUP };
  const told = (oldChecksum: boolean): string =>
    verdict(bytes, old, new Map([[52, [expectation({ peers, oldChecksum })]]]));
  assert.equal(told(true), "accepted");
  assert.equal(told(false), "checksum-wrong");
});

test("IPv6: a first address that is not link-local is odd, and refused in strict mode", () => {
  const ends = { source: "fe80::2" as IpAddress, destination: "ff02::12" as IpAddress };
  const link: LinkExpectation = {
    ...multicast,
    family: 6,
    ownAddresses: new Set(["fe80::1" as IpAddress]),
    group: ends.destination,
  };
  const local = ["fe80::100", "2001:db8::1"] as IpAddress[];
  const global = ["2001:db8::1", "fe80::100"] as IpAddress[];
  const look = (addresses: readonly IpAddress[], strict: boolean, own = addresses): string => {
    const known = expectation({ addresses: new Set(own), strict });
    const bytes = packet({ ...advertV3, addresses }, ends);
    return verdict(bytes, link, new Map([[52, [known]]]));
  };
  assert.equal(look(local, true), "accepted");
  assert.equal(look(global, false, local), "accepted first-address-differs");
  assert.equal(look(global, false), "accepted", "this router is configured in the same way");
  assert.equal(look(global, true), "first-address-wrong");
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
