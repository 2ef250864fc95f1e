// One router on a bench: packets made by hand go in, everything that it sends and holds is seen. The
// packets are written from the RFCs, not with the code under test.

import assert from "node:assert/strict";
import type { IpAddress } from "../../src/base/address.ts";
import type { VrrpInstanceStatus } from "../../src/model/status.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { wishOfInstances } from "../../src/model/vrrp-wish.ts";
import { Segment, type Station } from "../../src/simulated/segment.ts";
import { SimulatedHost } from "../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { VrrpEngine } from "../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../src/vrrp/engine/output.ts";
import { type RawAdvert, rawAdvert, rawPacket } from "../simulation/scene/packet.ts";

export const OWN4 = "10.0.0.5";
export const LOWER4 = "10.0.0.4";
export const HIGHER4 = "10.0.0.6";
export const GROUP4 = "224.0.0.18";
export const VIPS4: readonly string[] = ["10.9.0.100", "10.9.0.101"];
export const OWN6 = "fe80::5";
export const LOWER6 = "fe80::4";
export const HIGHER6 = "fe80::6";
export const GROUP6 = "ff02::12";
export const VIPS6: readonly string[] = ["fe80::100", "fd09::100"];

/** An advert as it was seen on the wire. */
export interface SeenAdvert {
  readonly atMs: number;
  readonly packet: Uint8Array;
  /** The VRRP message. */
  readonly message: Uint8Array;
  readonly priority: number;
}

/** What a test says of an advert that it sends; the rest fits the router. */
export type Heard = Partial<RawAdvert> & {
  readonly source?: string;
  readonly destination?: string;
  readonly ttl?: number;
  /** Spoils the message after its checksum. */
  readonly spoil?: (message: Uint8Array) => Uint8Array;
};

/** An instance with plain settings. */
export function plainInstance(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  const family = changes.family ?? 4;
  const addresses = family === 4 ? VIPS4 : VIPS6;
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 51,
    version: 3,
    family,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs: 100,
    authentication: { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: (family === 4 ? GROUP4 : GROUP6) as IpAddress,
    virtualAddresses: addresses.map((address) => ({
      address: address as IpAddress,
      prefixLength: family === 4 ? 32 : 128,
    })),
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 0, repeat: 1, refreshMs: 0, refreshRepeat: 1 },
    ...changes,
  };
}

export class Bench {
  readonly time = new VirtualTime();
  readonly config: VrrpInstance;
  readonly host: SimulatedHost;
  readonly engine: VrrpEngine;
  readonly outputs: EngineOutput[] = [];
  readonly adverts: SeenAdvert[] = [];
  /** Announcements: Ethernet frames. */
  readonly frames: { readonly atMs: number; readonly bytes: Uint8Array }[] = [];

  constructor(changes: Partial<VrrpInstance> = {}, started = true) {
    this.config = plainInstance(changes);
    const segment = new Segment(this.time, 1);
    const wire: Station = {
      name: "wire",
      deliver: (packet) => this.#see(packet),
      deliverFrame: (bytes) => this.frames.push({ atMs: this.time.nowMs, bytes }),
    };
    segment.quality = { delayMs: 0, jitterMs: 0, loss: 0, duplication: 0 };
    segment.attach(wire);
    this.host = new SimulatedHost(this.time, {
      name: "router",
      number: 5,
      interfaces: [
        {
          name: "eth0",
          segment,
          addresses: [
            { address: OWN4 as IpAddress, prefixLength: 24 },
            { address: OWN6 as IpAddress, prefixLength: 64 },
          ],
        },
      ],
      alarmFirst: true,
      speaksWithPeers: false,
    });
    this.engine = new VrrpEngine(this.host.world((output) => this.outputs.push(output)));
    if (started) this.start();
  }

  start(): this {
    this.engine.configure(wishOfInstances([this.config]));
    return this;
  }

  /** A router that has become MASTER. */
  static master(changes: Partial<VrrpInstance> = {}): Bench {
    const bench = new Bench(changes);
    bench.run(50 * (changes.advertIntervalCs ?? 100) + 1000);
    bench.must("MASTER");
    return bench.forget();
  }

  /** A router that hears a MASTER of a higher priority. */
  static backup(changes: Partial<VrrpInstance> = {}, heard: Heard = {}): Bench {
    const bench = new Bench(changes);
    bench.hear({ priority: 200, ...heard });
    bench.must("BACKUP");
    return bench.forget();
  }

  /** Forgets what has been seen so far. */
  forget(): this {
    this.adverts.length = 0;
    this.frames.length = 0;
    this.outputs.length = 0;
    return this;
  }

  run(durationMs: number): this {
    this.time.run(this.time.nowMs + durationMs);
    return this;
  }

  /** Delivers an advert that is right except for what is said of it. */
  hear(heard: Heard = {}): this {
    this.host.deliver(this.packet(heard));
    return this;
  }

  packet({ source, destination, ttl = 255, spoil, ...advert }: Heard): Uint8Array {
    const { version, vrid, advertIntervalCs, family, virtualAddresses } = this.config;
    const ends = {
      source: source ?? (family === 4 ? HIGHER4 : HIGHER6),
      destination: destination ?? this.config.multicastGroup,
    };
    const addresses = virtualAddresses.map(({ address }) => address);
    const whole: RawAdvert = {
      version,
      vrid,
      priority: 200,
      intervalCs: advertIntervalCs,
      addresses,
      ...advert,
    };
    const message = rawAdvert(whole, ends);
    return rawPacket({ ...ends, ttl, message: spoil?.(message) ?? message });
  }

  get status(): VrrpInstanceStatus {
    return this.engine.report()[0] ?? assert.fail("no status");
  }

  get state(): string {
    return this.status.state;
  }

  must(state: string): this {
    assert.equal(this.state, state);
    return this;
  }

  /** How many packets have been refused for a reason. */
  refused(kind: string): number {
    return this.status.counters.rejected[kind] ?? 0;
  }

  /** True when the kernel has every virtual address. */
  get holds(): boolean {
    return this.config.virtualAddresses.every(({ address }) => this.host.hasAddress(address));
  }

  /** Delivers a packet, and sees to it that it is counted for this reason and changes nothing else. */
  refuses(kind: string, heard: Heard): this {
    const before = this.#look();
    const counted = this.refused(kind);
    const inAll = this.#refusedInAll();
    this.hear(heard);
    assert.equal(
      this.refused(kind),
      counted + 1,
      `${kind}: ${JSON.stringify(this.status.counters)}`,
    );
    assert.equal(this.#refusedInAll(), inAll + 1);
    assert.equal(this.#look(), before, "a refused packet changes nothing else");
    return this;
  }

  /** Delivers a packet that must be taken. */
  takes(heard: Heard): this {
    const before = this.status.counters.advertsReceived;
    this.hear(heard);
    const { counters } = this.status;
    assert.equal(counters.advertsReceived, before + 1, JSON.stringify(counters.rejected));
    return this;
  }

  /** Lets time pass until the router is MASTER, and returns how long that took. */
  untilMaster(patienceMs = 300_000): number {
    const startMs = this.time.nowMs;
    let atMs: number | undefined;
    this.time.run(startMs + patienceMs, () => {
      if (atMs === undefined && this.adverts.some(({ priority }) => priority > 0))
        atMs = this.time.nowMs;
    });
    assert.notEqual(atMs, undefined, "it never became MASTER");
    return (atMs ?? 0) - startMs;
  }

  #refusedInAll(): number {
    return Object.values(this.status.counters.rejected).reduce((sum, one) => sum + one, 0);
  }

  #look(): string {
    const { counters, ...status } = this.status;
    const { rejected: _, ...counted } = counters;
    const news = this.outputs.filter((output) => output.kind !== "log").length;
    const { alarmAtMs, operations } = this.host;
    return JSON.stringify([status, counted, alarmAtMs, operations, news, this.adverts.length]);
  }

  #see(packet: Uint8Array): void {
    const six = (packet[0] ?? 0) >> 4 === 6;
    const message = packet.subarray(six ? 40 : 4 * ((packet[0] ?? 0) & 15));
    this.adverts.push({ atMs: this.time.nowMs, packet, message, priority: message[2] ?? 0 });
  }
}

/** The only one of something. */
export function only<T>(all: readonly T[]): T {
  assert.equal(all.length, 1);
  return all[0] ?? assert.fail("none");
}

/** Near enough for fractions of a microsecond. */
export function about(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-3, `${actual} is not ${expected}`);
}
