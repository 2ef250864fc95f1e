// Spoiled packets of every form against an engine: nothing throws, a refused packet changes nothing
// but one counter, and each packet is counted once.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { IpAddress } from "../../src/base/address.ts";
import { toHex } from "../../src/base/bytes.ts";
import { Prng } from "../../src/base/prng.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import type { HmacSettings, UnicastSettings } from "../../src/model/vrrp-options.ts";
import { wishOfInstances } from "../../src/model/vrrp-wish.ts";
import { Segment } from "../../src/simulated/segment.ts";
import { SimulatedHost } from "../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { VrrpEngine } from "../../src/vrrp/engine/engine.ts";
import { RunningInstance } from "../../src/vrrp/engine/running-instance.ts";
import { mutatePacket } from "../fuzz/mutate-packet.ts";
import { instance } from "./cluster.ts";

const PACKETS = 1500;
const OWN = { 4: "10.0.0.1", 6: "fe80::1" } as Readonly<Record<4 | 6, IpAddress>>;
const PEER = { 4: "10.0.0.2", 6: "fe80::2" } as Readonly<Record<4 | 6, IpAddress>>;

const six = {
  family: 6,
  multicastGroup: "ff02::12" as IpAddress,
  virtualAddresses: [{ address: "fe80::100" as IpAddress, prefixLength: 64 }],
} as const;
const two = { version: 2 } as const;
const signing: HmacSettings = {
  keys: [{ id: 1, key: "0123456789abcdef0123456789abcdef" }],
  activeKey: 1,
  antiReplay: "time",
  mode: "enforce",
};

function unicast(family: 4 | 6, changes: Partial<UnicastSettings> = {}): UnicastSettings {
  const peers = [{ address: PEER[family] }, { address: OWN[family] }];
  return { peers, ttl: 255, checkSource: true, faultWithoutPeers: false, ...changes };
}

const forms: readonly (readonly [string, Partial<VrrpInstance>])[] = [
  ["version 2", two],
  ["version 2 with a password", { ...two, authentication: { type: "PASS", password: "1111" } }],
  ["version 2 sealed", { ...two, authentication: { type: "AH", password: "1111" } }],
  ["version 2 signed", { ...two, options: { hmac: signing } }],
  ["version 3", {}],
  ["version 3 strict", { options: { strict: true } }],
  ["version 3 unicast", { options: { unicast: unicast(4) } }],
  [
    "version 3 unicast, old checksums",
    { options: { unicast: unicast(4, { oldChecksum: "yes" }) } },
  ],
  ["version 3 signed", { options: { hmac: signing } }],
  ["version 3 signed, permissive", { options: { hmac: { ...signing, mode: "permissive" } } }],
  ["IPv6", six],
  ["IPv6 unicast", { ...six, options: { unicast: unicast(6) } }],
  ["IPv6 signed", { ...six, options: { hmac: signing } }],
];

class Target {
  readonly #time = new VirtualTime();
  readonly host: SimulatedHost;
  readonly engine: VrrpEngine;
  readonly #peer: RunningInstance;
  readonly #family: 4 | 6;
  readonly #destination: IpAddress;

  constructor(changes: Partial<VrrpInstance>) {
    const config = instance({ priority: 150, ...changes });
    this.#family = config.family;
    this.host = new SimulatedHost(this.#time, {
      name: "a",
      number: 1,
      alarmFirst: false,
      interfaces: [
        {
          name: "eth0",
          segment: new Segment(this.#time, 1),
          addresses: [
            { address: OWN[4], prefixLength: 24 },
            { address: OWN[6], prefixLength: 64 },
          ],
        },
      ],
    });
    this.engine = new VrrpEngine(this.host.world(() => undefined));
    this.engine.configure(wishOfInstances([config]));
    this.#peer = new RunningInstance(config, 0);
    this.#destination =
      config.options?.unicast === undefined ? config.multicastGroup : OWN[config.family];
  }

  run(durationMs: number): void {
    this.#time.run(this.#time.nowMs + durationMs);
  }

  /** An advert as the peer would send it now. */
  advert(priority: number): Uint8Array {
    const source = PEER[this.#family];
    return this.#peer.advertPacket(priority, source, this.#destination, this.host.clock.wallMs);
  }

  status(): NonNullable<ReturnType<VrrpEngine["report"]>[0]> {
    return this.engine.report()[0] ?? assert.fail("no instance");
  }

  /** Everything that a refused packet must leave alone. */
  look(): string {
    // That somebody sends such packets may be told.
    const { counters, alarms: _alarms, ...status } = this.status();
    const { rejected: _, ...counted } = counters;
    return JSON.stringify([status, counted, this.host.alarmAtMs, this.host.operations]);
  }

  counts(): { accepted: number; rejected: number } {
    const { advertsReceived: accepted, rejected } = this.status().counters;
    return { accepted, rejected: Object.values(rejected).reduce((sum, count) => sum + count, 0) };
  }
}

for (const [name, changes] of forms)
  test(`${name}: spoiled packets are refused without effect, and each is counted once`, () => {
    const target = new Target(changes);
    const family = changes.family ?? 4;
    target.run(10_000);
    assert.equal(target.status().state, "MASTER");
    const prng = new Prng(42);
    for (let i = 0; i < PACKETS; i++) {
      if (i % 100 === 0) target.run(1000);
      const packet = mutatePacket(target.advert(prng.integer(0, 255)), family, prng);
      const before = target.look();
      const counts = target.counts();
      const read = target.host.nic().packetsRead;
      target.host.deliver(packet);
      const heard = target.host.nic().packetsRead - read;
      const after = target.counts();
      const sum = after.accepted + after.rejected - counts.accepted - counts.rejected;
      assert.equal(sum, heard, `${heard} read: ${toHex(packet)}`);
      if (after.accepted === counts.accepted) assert.equal(target.look(), before, toHex(packet));
    }
    const { rejected } = target.counts();
    assert.ok(rejected > PACKETS / 4, `${rejected} rejected`);
  });

for (const [name, changes] of forms.filter(([form]) => /signed$|sealed$/.test(form)))
  test(`${name}: nothing that was changed is accepted, and nothing twice`, () => {
    const target = new Target(changes);
    const family = changes.family ?? 4;
    target.run(10_000);
    const prng = new Prng(43);
    for (let i = 0; i < PACKETS; i++) {
      const original = target.advert(100);
      const { accepted } = target.counts();
      target.host.deliver(mutatePacket(original, family, prng));
      // What is not signed may differ: then it counts as the original, which is now a repetition.
      const changed = target.counts().accepted - accepted;
      target.host.deliver(original);
      assert.equal(target.counts().accepted - accepted, 1, `${changed} of the changed one`);
      const { master } = target.status();
      assert.equal(master?.priority, 100, toHex(original));
      target.host.deliver(original);
      assert.equal(target.counts().accepted - accepted, 1, "a repetition is refused");
    }
  });
