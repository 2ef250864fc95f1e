// Two routers with every form of adverts, on one simulated segment: one is MASTER, the other one takes
// over, and what they remember of each other survives restarts and clocks.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { HmacSettings, UnicastSettings } from "../../src/model/vrrp-options.ts";
import type { VrrpProcessOptions } from "../../src/model/vrrp-wish.ts";
import { Segment } from "../../src/simulated/segment.ts";
import { SimulatedHost } from "../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { VrrpEngine } from "../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../src/vrrp/engine/output.ts";
import { decodeArpPacket } from "../../src/wire/arp.ts";
import { decodeEthernetFrame, ETHERTYPE_ARP } from "../../src/wire/ethernet.ts";
import { decodeNeighbourAdvertisement } from "../../src/wire/neighbour-advertisement.ts";
import { instance } from "./cluster.ts";

const VIP = "10.0.0.100" as IpAddress;
const VIP6 = "2001:db8::100" as IpAddress;
const LOCAL6 = "fe80::100" as IpAddress;

interface Announced {
  readonly atMs: number;
  readonly address: IpAddress;
}

class Node {
  readonly host: SimulatedHost;
  readonly outputs: EngineOutput[] = [];
  readonly announced: Announced[] = [];
  engine: VrrpEngine | undefined;
  readonly #wish: readonly VrrpInstance[];
  readonly #process: VrrpProcessOptions;

  constructor(
    lan: Lan,
    number: number,
    wish: readonly VrrpInstance[],
    process: VrrpProcessOptions = {},
  ) {
    this.#wish = wish;
    this.#process = process;
    this.host = new SimulatedHost(lan.time, {
      name: `r${number}`,
      number,
      alarmFirst: false,
      speaksWithPeers: false,
      interfaces: [
        {
          name: "eth0",
          segment: lan.segment,
          addresses: [
            { address: `10.0.0.${number}` as IpAddress, prefixLength: 24 },
            { address: `2001:db8::${number}` as IpAddress, prefixLength: 64 },
            { address: `fe80::${number}` as IpAddress, prefixLength: 64 },
          ],
        },
        { name: "eth1", segment: lan.second, addresses: [] },
      ],
    });
    this.host.onFrame = (_ifindex, frame) => {
      const address = announcedIn(frame);
      if (address !== undefined) this.announced.push({ atMs: lan.time.nowMs, address });
    };
  }

  start(): void {
    this.host.crash();
    this.engine = new VrrpEngine(this.host.world((output) => this.outputs.push(output)));
    this.engine.configure({
      instances: this.#wish,
      syncGroups: [],
      trackGroups: [],
      bfdSessions: [],
      process: this.#process,
    });
  }

  crash(): void {
    this.host.crash();
    this.engine = undefined;
  }

  status(index = 0): NonNullable<ReturnType<VrrpEngine["report"]>[0]> {
    return this.engine?.report()[index] ?? assert.fail("it does not run");
  }

  rejected(index = 0): Readonly<Record<string, number>> {
    return this.status(index).counters.rejected;
  }

  get warnings(): readonly string[] {
    return this.outputs.flatMap((output) =>
      output.kind === "log" && output.event.level === "warning" ? [output.event.text] : [],
    );
  }
}

class Lan {
  readonly time = new VirtualTime();
  readonly segment = new Segment(this.time, 1);
  readonly second = new Segment(this.time, 2);

  run(durationMs: number): void {
    this.time.run(this.time.nowMs + durationMs);
  }
}

function announcedIn(frame: Uint8Array): IpAddress | undefined {
  const read = decodeEthernetFrame(frame);
  assert.ok(read.ok);
  if (read.value.type === ETHERTYPE_ARP) {
    const arp = decodeArpPacket(read.value.payload);
    return arp.ok ? arp.value.senderAddress : undefined;
  }
  const neighbour = decodeNeighbourAdvertisement(read.value.payload);
  return neighbour.ok ? neighbour.value.target : undefined;
}

const signing: HmacSettings = {
  keys: [{ id: 1, key: "0123456789abcdef0123456789abcdef" }],
  activeKey: 1,
  antiReplay: "time",
  mode: "enforce",
};
const six = {
  family: 6,
  multicastGroup: "ff02::12" as IpAddress,
  virtualAddresses: [
    { address: VIP6, prefixLength: 64 },
    { address: LOCAL6, prefixLength: 64 },
  ],
} as const;
const two = { version: 2 } as const;
const AH = { type: "AH", password: "secret" } as const;

function unicast(
  peers: readonly string[],
  changes: Partial<UnicastSettings> = {},
): UnicastSettings {
  return {
    peers: peers.map((address) => ({ address: address as IpAddress })),
    ttl: 255,
    checkSource: true,
    faultWithoutPeers: false,
    ...changes,
  };
}

/** By node number: what is special about its instance. */
type Form = (number: number) => Partial<VrrpInstance>;

const other = (number: number): number => 3 - number;
const forms: Readonly<Record<string, Form>> = {
  "version 2": () => two,
  "version 2 with a password": () => ({
    ...two,
    authentication: { type: "PASS", password: "secret" },
  }),
  "version 2 sealed": () => ({ ...two, authentication: AH }),
  "version 2 sealed, unicast": (n) => ({
    ...two,
    authentication: AH,
    options: { unicast: unicast([`10.0.0.${other(n)}`]) },
  }),
  "version 2 signed": () => ({ ...two, options: { hmac: signing } }),
  "version 3": () => ({}),
  "version 3, message-only checksums": () => ({ options: { checksumAsVersion2: true } }),
  "version 3 unicast": (n) => ({ options: { unicast: unicast([`10.0.0.${other(n)}`]) } }),
  "version 3 unicast, old checksums": (n) => ({
    options: { unicast: unicast([`10.0.0.${other(n)}`], { oldChecksum: "yes" }) },
  }),
  "version 3 signed, by order": () => ({
    options: { hmac: { ...signing, antiReplay: "monotonic" } },
  }),
  IPv6: () => six,
  "IPv6 unicast": (n) => ({ ...six, options: { unicast: unicast([`2001:db8::${other(n)}`]) } }),
  "IPv6 signed": () => ({ ...six, options: { hmac: signing } }),
};

for (const [name, form] of Object.entries(forms))
  test(`${name}: one is MASTER, the other takes over, and the first comes back`, () => {
    const lan = new Lan();
    const [first, second] = [1, 2].map((number) => {
      const wish = instance({ priority: number === 1 ? 200 : 100, ...form(number) });
      return new Node(lan, number, [wish]);
    });
    assert.ok(first !== undefined && second !== undefined);
    const states = (): readonly string[] =>
      [first, second].map((node) => (node.engine === undefined ? "-" : node.status().state));
    first.start();
    second.start();
    lan.run(20_000);
    assert.deepEqual(states(), ["MASTER", "BACKUP"]);
    for (let i = 0; i < 3; i++) {
      first.crash();
      lan.run(10_000);
      assert.deepEqual(states(), ["-", "MASTER"]);
      first.start();
      lan.run(10_000);
      assert.deepEqual(states(), ["MASTER", "BACKUP"]);
      assert.deepEqual(first.rejected(), {});
    }
    assert.deepEqual(second.rejected(), {});
    assert.ok(second.status().counters.advertsReceived > 30);
  });

test("signed adverts: a clock that was set back is believed again, one that is wrong is not", () => {
  const lan = new Lan();
  const wish = (priority: number): readonly VrrpInstance[] => [
    instance({ priority, options: { hmac: signing } }),
  ];
  const [first, second] = [new Node(lan, 1, wish(200)), new Node(lan, 2, wish(100))];
  let skewMs = 0;
  const world = first.host.world.bind(first.host);
  first.host.world = (tell) => {
    const made = world(tell);
    return { ...made, clock: { ...made.clock, wallMs: () => made.clock.wallMs() + skewMs } };
  };
  first.start();
  second.start();
  lan.run(20_000);
  assert.equal(second.status().state, "BACKUP");
  skewMs = -3000;
  lan.run(10_000);
  assert.equal(second.status().state, "BACKUP");
  skewMs = -60_000;
  lan.run(10_000);
  assert.equal(second.status().state, "MASTER");
  assert.ok((second.rejected()["stale"] ?? 0) > 3);
  assert.match(second.warnings.join("\n"), /the sender's clock differs by -6\d s/);
  skewMs = 0;
  lan.run(10_000);
  assert.equal(second.status().state, "BACKUP");
});

test("an instance whose key cannot be used is in FAULT and says why", () => {
  const lan = new Lan();
  const cases: readonly (readonly [Partial<HmacSettings>, RegExp])[] = [
    [{ keys: [{ id: 1, key: "file:/gone" }] }, /no key of auth_hmac can be used/],
    [{ activeKey: 2 }, /the active key 2 of auth_hmac cannot be used/],
    [{ keys: [{ id: 1, key: "short" }] }, /no key of auth_hmac can be used/],
  ];
  for (const [i, [changes, reason]] of cases.entries()) {
    const wish = instance({ options: { hmac: { ...signing, ...changes } } });
    const node = new Node(lan, i + 1, [wish]);
    node.start();
    lan.run(10_000);
    assert.equal(node.status().state, "FAULT");
    assert.match(node.status().cause.text, reason);
  }
  const peerless = unicast([], { faultWithoutPeers: true });
  const alone = new Node(lan, 9, [instance({ options: { unicast: peerless } })]);
  alone.start();
  lan.run(10_000);
  assert.equal(alone.status().cause.text, "it has no unicast peer");
  const global = { ...six, virtualAddresses: [{ address: VIP6, prefixLength: 64 }] };
  const strict = new Node(lan, 8, [instance({ ...global, options: { strict: true } })]);
  strict.start();
  lan.run(10_000);
  assert.match(strict.status().cause.text, /strict mode wants a link-local address/);
});

test("one VRID in both families, and several unicast instances with one VRID, do not disturb each other", () => {
  const lan = new Lan();
  const wish = (number: number): readonly VrrpInstance[] => [
    instance({ name: "four", priority: number === 1 ? 200 : 100 }),
    instance({ name: "six", priority: number === 1 ? 100 : 200, ...six }),
  ];
  const [first, second] = [new Node(lan, 1, wish(1)), new Node(lan, 2, wish(2))];
  first.start();
  second.start();
  lan.run(20_000);
  const states = (node: Node): readonly string[] => [node.status(0).state, node.status(1).state];
  assert.deepEqual(states(first), ["MASTER", "BACKUP"]);
  assert.deepEqual(states(second), ["BACKUP", "MASTER"]);
  assert.deepEqual(first.rejected(), {});

  const hub = new Lan();
  const spoke = (number: number, priority: number): Node => {
    const address = `10.0.0.10${number}` as IpAddress;
    const options = { unicast: unicast(["10.0.0.1"]) };
    const virtualAddresses = [{ address, prefixLength: 32 }];
    return new Node(hub, number, [instance({ priority, virtualAddresses, options })]);
  };
  const centre = new Node(
    hub,
    1,
    [2, 3].map((number) =>
      instance({
        name: `to-${number}`,
        priority: 150,
        virtualAddresses: [{ address: `10.0.0.10${number}` as IpAddress, prefixLength: 32 }],
        options: { unicast: unicast([`10.0.0.${number}`]) },
      }),
    ),
  );
  const spokes = [spoke(2, 200), spoke(3, 100)];
  for (const node of [centre, ...spokes]) node.start();
  hub.run(20_000);
  assert.deepEqual(states(centre), ["BACKUP", "MASTER"]);
  assert.deepEqual(
    spokes.map((node) => node.status().state),
    ["MASTER", "BACKUP"],
  );
  assert.deepEqual(centre.rejected(0), {});
});

test("IPv6: adverts list a link-local address first, and every address is announced to its neighbours", () => {
  const lan = new Lan();
  const excluded = [{ address: VIP, prefixLength: 32 }];
  const node = new Node(lan, 1, [instance({ ...six, excludedAddresses: excluded })]);
  const sent: Uint8Array[] = [];
  node.host.onSend = (_ifindex, packet) => sent.push(packet);
  node.start();
  lan.run(5000);
  assert.equal(node.status().state, "MASTER");
  const [advert] = sent;
  assert.ok(advert !== undefined);
  // The source, the hop limit, and the first address behind 8 bytes of VRRP.
  assert.deepEqual([...advert.subarray(8, 10)], [0xfe, 0x80]);
  assert.equal(advert[7], 255);
  assert.deepEqual([...advert.subarray(48, 50)], [0xfe, 0x80]);
  const announced = new Set(node.announced.map(({ address }) => address));
  assert.deepEqual(announced, new Set([VIP6, LOCAL6, VIP]));
});

test("announcements keep their distance, on an interface and in a group of interfaces", () => {
  for (const [process, gapMs] of [
    [{ garpIntervalMs: 50 }, 50],
    [
      { garpIntervalMs: 50, garpGroups: [{ interfaces: ["eth0", "eth1"], garpIntervalMs: 120 }] },
      120,
    ],
  ] as const) {
    const lan = new Lan();
    const addresses = [1, 2, 3].map((i) => ({
      address: `10.0.0.10${i}` as IpAddress,
      prefixLength: 32,
    }));
    const garp = { delayMs: 5000, repeat: 2, refreshMs: 0, refreshRepeat: 1 };
    const node = new Node(lan, 1, [instance({ virtualAddresses: addresses, garp })], process);
    node.start();
    lan.run(12_000);
    assert.equal(node.status().state, "MASTER");
    // Two bursts of two rounds of three addresses.
    assert.equal(node.announced.length, 12);
    const gaps = node.announced.map(({ atMs }, i) => atMs - (node.announced[i - 1]?.atMs ?? -1e9));
    assert.ok(Math.min(...gaps) >= gapMs, `${Math.min(...gaps)} ms`);
    assert.ok(gaps[1] === gapMs, `the next one goes out as soon as it may: ${gaps[1]} ms`);
  }
});

test("interfaces that carry no adverts are announced to again and again where that is wished", () => {
  for (const [all, expected] of [
    [true, 1 + 3],
    [false, 1],
  ] as const) {
    const lan = new Lan();
    const elsewhere = { address: "10.1.0.1" as IpAddress, prefixLength: 24 };
    const wish = instance({
      virtualAddresses: [{ address: VIP, prefixLength: 32 }],
      excludedAddresses: [{ ...elsewhere, interface: "eth1" }],
      garp: { delayMs: 0, repeat: 1, refreshMs: 0, refreshRepeat: 1 },
      options: { garpExtraInterfaces: { all, everyMs: 5000 } },
    });
    const node = new Node(lan, 1, [wish]);
    node.start();
    lan.run(3_700);
    assert.equal(node.status().state, "MASTER");
    lan.run(17_000);
    const count = (address: IpAddress): number =>
      node.announced.filter((one) => one.address === address).length;
    assert.equal(count(VIP), 1);
    assert.equal(count(elsewhere.address), expected);
  }
});

test("a flood of wrong packets writes few lines and changes nothing", () => {
  const lan = new Lan();
  const node = new Node(lan, 1, [instance({ authentication: AH, ...two })]);
  node.start();
  lan.run(10_000);
  const prng = new Prng(7);
  const lines = node.warnings.length;
  const stranger = new Node(lan, 2, [
    instance({ ...two, authentication: { ...AH, password: "x" } }),
  ]);
  const heard: Uint8Array[] = [];
  stranger.host.onSend = (_ifindex, packet) => heard.push(packet);
  stranger.start();
  lan.run(8000);
  const [model] = heard;
  assert.ok(model !== undefined);
  for (let i = 0; i < 5000; i++) {
    const forged = model.slice();
    for (let at = 12; at < 16; at++) forged[at] = prng.integer(1, 200);
    node.host.deliver(forged);
  }
  assert.equal(node.status().state, "MASTER");
  assert.ok((node.rejected()["auth-mismatch"] ?? 0) >= 5000);
  assert.ok(node.warnings.length - lines <= 20, `${node.warnings.length - lines} lines`);
});
