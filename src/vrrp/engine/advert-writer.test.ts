import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../base/address.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { UnicastSettings } from "../../model/vrrp-options.ts";
import { decodeAuthenticationHeader } from "../../wire/authentication-header.ts";
import { decodeIpPacket } from "../../wire/ip-packet.ts";
import { advertisedAddresses } from "./advert-writer.ts";
import { ComplaintLimiter } from "./complaint-limiter.ts";
import { RunningInstance } from "./running-instance.ts";
import { sourceAddressOf } from "./source-address.ts";

const GROUP = "224.0.0.18" as IpAddress;
const OWN = "10.0.0.1" as IpAddress;
const PEER = "10.0.0.2" as IpAddress;
const FAR = "192.0.2.2" as IpAddress;
/** 2026-01-01. */
const NOW_MS = 1_767_225_600_000;

function instance(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 1,
    version: 3,
    family: 4,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs: 100,
    authentication: { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: GROUP,
    virtualAddresses: [],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 0, repeat: 1, refreshMs: 0, refreshRepeat: 1 },
    ...changes,
  };
}

function unicast(changes: Partial<UnicastSettings> = {}): Partial<VrrpInstance> {
  const peers = [{ address: PEER }, { address: FAR }];
  const settings = { peers, ttl: 255, checkSource: true, faultWithoutPeers: false, ...changes };
  return { options: { unicast: settings } };
}

function virtual(...texts: readonly string[]): Pick<VrrpInstance, "virtualAddresses"> {
  const virtualAddresses = texts.map((text) => ({ address: text as IpAddress, prefixLength: 64 }));
  return { virtualAddresses };
}

test("adverts list as many addresses as fit, in order, a link-local one first", () => {
  const many = Array.from({ length: 300 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
  assert.deepEqual(advertisedAddresses(instance(virtual(...many)), 9000), many.slice(0, 255));
  assert.ok(advertisedAddresses(instance(virtual(...many)), 576).length < 130);
  const six = ["2001:db8::1", "fe80::1", "2001:db8::2"];
  const config = instance({ family: 6, ...virtual(...six) });
  assert.deepEqual(advertisedAddresses(config, 1500), ["fe80::1", "2001:db8::1", "2001:db8::2"]);
  const lots = Array.from({ length: 200 }, (_, i) => `2001:db8::${(i + 1).toString(16)}`);
  const long = new RunningInstance(instance({ family: 6, ...virtual(...lots, "fe80::1") }), 0);
  const packet = long.advertPacket(100, "fe80::9" as IpAddress, "ff02::12" as IpAddress, 0);
  assert.ok(packet.length <= 1500, `${packet.length} bytes`);
  assert.equal(packet[40 + 8], 0xfe);
});

test("what a peer's TTL must be follows from where it is, unless it is written", () => {
  const ranges = (changes: Partial<VrrpInstance>): readonly (readonly [number, number])[] => {
    const running = new RunningInstance(instance(changes), 0);
    running.fit({ mtu: 1500, onLink: (address) => address === PEER });
    return [...(running.expectation.peers?.values() ?? [])].map(({ min, max }) => [min, max]);
  };
  assert.deepEqual(ranges(unicast()), [
    [255, 255],
    [0, 255],
  ]);
  assert.deepEqual(ranges(unicast({ ttl: 64 })), [
    [0, 255],
    [0, 255],
  ]);
  assert.deepEqual(ranges(unicast({ peers: [{ address: PEER, ttlMin: 250, ttlMax: 252 }] })), [
    [250, 252],
  ]);
  assert.deepEqual(ranges({}), []);
});

test("unicast adverts have the TTL that is wished, multicast ones always 255", () => {
  const hopLimit = (changes: Partial<VrrpInstance>, to: IpAddress): number | undefined => {
    const running = new RunningInstance(instance(changes), 0);
    const read = decodeIpPacket(running.advertPacket(100, OWN, to, 0), 4);
    return read.ok ? read.value.hopLimit : undefined;
  };
  assert.equal(hopLimit(unicast({ ttl: 7 }), PEER), 7);
  assert.equal(hopLimit({}, GROUP), 255);
});

test("sealed adverts never go back in number: not after a restart, nor behind what was heard", () => {
  const config = instance({ version: 2, authentication: { type: "AH", password: "secret" } });
  const sequence = (running: RunningInstance, wallMs: number): number => {
    const read = decodeIpPacket(running.advertPacket(100, OWN, GROUP, wallMs), 4);
    assert.ok(read.ok);
    const header = decodeAuthenticationHeader(read.value.payload);
    assert.ok(header.ok);
    return header.value.header.sequence;
  };
  const first = new RunningInstance(config, 0);
  const numbers = [0, 0, 1000, 1000].map((ms) => sequence(first, NOW_MS + ms));
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => a - b),
  );
  assert.equal(new Set(numbers).size, 4);
  assert.ok(sequence(new RunningInstance(config, 0), NOW_MS + 2000) > Math.max(...numbers));
  first.learn({
    vrid: 1,
    priority: 50,
    source: PEER,
    intervalMs: 1000,
    notes: [],
    lesson: { checksum: "message", sealed: 4_000_000_000 },
    expectation: first.expectation,
  });
  assert.equal(sequence(first, NOW_MS + 3000), 4_000_000_001);
  first.reconfigure({ ...config, priority: 90 });
  assert.equal(sequence(first, NOW_MS + 3000), 4_000_000_002);
});

test("the source is what is written, else an address of the interface that is not virtual", () => {
  const addresses = ["10.0.0.100", "10.0.0.1", "10.0.0.9"] as IpAddress[];
  const held = new Set(["10.0.0.100" as IpAddress]);
  assert.equal(sourceAddressOf(instance(), addresses, held), OWN);
  assert.equal(sourceAddressOf(instance({ sourceAddress: FAR }), addresses, held), FAR);
  const source = unicast({ source: PEER });
  assert.equal(sourceAddressOf(instance({ ...source, sourceAddress: FAR }), addresses, held), PEER);
  assert.equal(sourceAddressOf(instance(), ["10.0.0.100" as IpAddress], held), undefined);
  const owner = instance({ priority: 255 });
  assert.equal(sourceAddressOf(owner, ["10.0.0.100" as IpAddress], held), "10.0.0.100");
});

test("IPv6 is sent from a link-local address, unless its peers are elsewhere", () => {
  const addresses = ["2001:db8::1", "fe80::100", "fe80::1"] as IpAddress[];
  const held = new Set(["fe80::100" as IpAddress]);
  const peers = (text: string): Partial<VrrpInstance> =>
    unicast({ peers: [{ address: text as IpAddress }] });
  const source = (changes: Partial<VrrpInstance>): IpAddress | undefined =>
    sourceAddressOf(instance({ family: 6, ...changes }), addresses, held);
  assert.equal(source({}), "fe80::1");
  assert.equal(source(peers("fe80::2")), "fe80::1");
  assert.equal(source(peers("2001:db8::2")), "2001:db8::1");
  assert.equal(
    sourceAddressOf(instance({ family: 6 }), ["2001:db8::1" as IpAddress], held),
    undefined,
  );
});

test("complaints: one about a topic in a while, few about all of them, and how many were left out", () => {
  const limiter = new ComplaintLimiter(1000, 3);
  assert.deepEqual(
    ["a", "a", "b", "c", "d"].map((topic) => limiter.allows(topic, 0)),
    [true, false, true, true, false],
  );
  assert.equal(limiter.takeSuppressed(), 2);
  assert.equal(limiter.takeSuppressed(), 0);
  assert.ok(!limiter.allows("a", 999));
  assert.ok(limiter.allows("a", 1000));
  // Topics without end, as forged senders make them, are forgotten.
  for (let i = 0; i < 100_000; i++) limiter.allows(`forged ${i}`, 1000);
  assert.ok(limiter.allows("a", 2000));
});
