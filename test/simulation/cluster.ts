// A few routers on one simulated segment, run by the engine of the daemon, with the invariants that
// must hold after every single event.

import assert from "node:assert/strict";
import { type IpAddress, ipv4Number } from "../../src/base/address.ts";
import { Prng } from "../../src/base/prng.ts";
import type { VrrpInstanceStatus } from "../../src/model/status.ts";
import type { VrrpInstance } from "../../src/model/vrrp-instance.ts";
import { wishOfInstances } from "../../src/model/vrrp-wish.ts";
import { NeighbourCache } from "../../src/simulated/neighbour-cache.ts";
import { Segment } from "../../src/simulated/segment.ts";
import { SimulatedHost } from "../../src/simulated/simulated-host.ts";
import { VirtualTime } from "../../src/simulated/virtual-time.ts";
import { addressKey } from "../../src/vrrp/address-plan.ts";
import { VrrpEngine } from "../../src/vrrp/engine/engine.ts";
import type { EngineOutput } from "../../src/vrrp/engine/output.ts";
import { masterDownMs } from "../../src/vrrp/timers.ts";

export const VIP = "10.0.0.100" as IpAddress;
export const VIP_FACT = { address: VIP, prefixLength: 32, interface: "eth0" };

/** One instance with plain settings. */
export function instance(changes: Partial<VrrpInstance> = {}): VrrpInstance {
  return {
    name: "VI_1",
    interface: "eth0",
    vrid: 51,
    version: 3,
    family: 4,
    initialState: "BACKUP",
    priority: 100,
    advertIntervalCs: 100,
    authentication: { type: "none" },
    preempt: true,
    preemptDelayMs: 0,
    multicastGroup: "224.0.0.18" as IpAddress,
    virtualAddresses: [{ address: VIP, prefixLength: 32 }],
    excludedAddresses: [],
    trackedScripts: [],
    trackedInterfaces: [],
    garp: { delayMs: 5000, repeat: 2, refreshMs: 60_000, refreshRepeat: 1 },
    ...changes,
  };
}

export class Router {
  readonly host: SimulatedHost;
  readonly address: IpAddress;
  config: VrrpInstance;
  engine: VrrpEngine | undefined;
  outputs: EngineOutput[] = [];
  /** Asked to stop, and not started again. */
  stopping = false;
  stopped = false;
  readonly #trace: (line: string) => void;

  constructor(
    host: SimulatedHost,
    address: IpAddress,
    config: VrrpInstance,
    trace: (line: string) => void,
  ) {
    this.host = host;
    this.address = address;
    this.config = config;
    this.#trace = trace;
  }

  start(): void {
    // Whatever of an earlier process was left ends with it.
    this.host.crash();
    this.stopped = false;
    this.stopping = false;
    this.engine = new VrrpEngine(this.host.world((output) => this.#hear(output)));
    this.engine.configure(wishOfInstances([this.config]));
  }

  crash(): void {
    this.host.crash();
    this.engine = undefined;
  }

  stop(): void {
    this.stopping = true;
    this.engine?.stop();
  }

  status(): VrrpInstanceStatus | undefined {
    return this.engine?.report()[0];
  }

  get alive(): boolean {
    return this.engine !== undefined && !this.stopped;
  }

  get master(): boolean {
    return this.alive && this.status()?.state === "MASTER";
  }

  get holds(): boolean {
    return this.host.hasFact(addressKey(VIP_FACT));
  }

  #hear(output: EngineOutput): void {
    this.outputs.push(output);
    this.#trace(`${this.host.name} ${JSON.stringify(output)}`);
    if (output.kind === "stopped") this.stopped = true;
    if (output.kind === "transition") this.#checkYield(output);
  }

  // S-3: nobody yields but to a greater (priority, address).
  #checkYield(output: Extract<EngineOutput, { readonly kind: "transition" }>): void {
    if (output.from !== "MASTER" || output.to !== "BACKUP") return;
    const status = this.status();
    const other = status?.master;
    assert.ok(status !== undefined && other !== undefined, "a router yields to somebody");
    const greater =
      other.priority > status.priority ||
      (other.priority === status.priority && ipv4Number(other.address) > ipv4Number(this.address));
    assert.ok(
      greater || output.cause.kind === "stalled",
      `${this.host.name} yielded to ${JSON.stringify(other)}: ${output.cause.text}`,
    );
  }
}

export class Cluster {
  readonly time = new VirtualTime();
  readonly prng: Prng;
  readonly segment: Segment;
  /** A client that believes what was announced last. */
  readonly client = new NeighbourCache("client");
  readonly routers: Router[] = [];
  /** Everything that the engines told, with its time: equal for equal seeds. */
  readonly trace: string[] = [];
  /** Addresses are changed by others or refused, so that fact and wish may differ for a second. */
  tolerant = false;

  constructor(seed: number, configs: readonly VrrpInstance[], speaksWithPeers = true) {
    this.prng = new Prng(seed);
    this.segment = new Segment(this.time, seed);
    this.segment.attach(this.client);
    for (const [i, config] of configs.entries()) {
      // Both halves of the address space, so that a signed comparison is caught.
      const address = (i % 2 === 0 ? `10.0.0.${i + 1}` : `192.168.0.${i + 1}`) as IpAddress;
      const host = new SimulatedHost(this.time, {
        name: `r${i + 1}`,
        number: i + 1,
        interfaces: [
          { name: "eth0", segment: this.segment, addresses: [{ address, prefixLength: 24 }] },
        ],
        alarmFirst: this.prng.chance(0.5),
        speaksWithPeers,
      });
      const trace = (line: string): void => {
        this.trace.push(`${this.time.nowMs.toFixed(3)} ${line}`);
      };
      this.routers.push(new Router(host, address, config, trace));
    }
  }

  router(i: number): Router {
    return this.routers[i] ?? assert.fail(`router ${i}`);
  }

  run(durationMs: number): void {
    this.time.run(this.time.nowMs + durationMs, () => this.#check());
  }

  masters(): readonly string[] {
    return this.routers.filter((router) => router.master).map((router) => router.host.name);
  }

  holders(): readonly string[] {
    return this.routers.filter((router) => router.holds).map((router) => router.host.name);
  }

  transitions(): number {
    return this.trace.filter((line) => line.includes('"kind":"transition"')).length;
  }

  /** Long enough for any router of this cluster to notice that another has gone. */
  get patienceMs(): number {
    const intervals = this.routers.map(({ config }) => config.advertIntervalCs * 10);
    return masterDownMs(this.router(0).config.version, 1, Math.max(...intervals));
  }

  #check(): void {
    for (const router of this.routers) {
      const status = router.alive ? router.status() : undefined;
      if (status === undefined || this.tolerant) continue;
      // Who gets no processor may have lost its addresses to the kernel, and cannot know of it.
      if (router.host.paused) continue;
      const { state, master } = status;
      // S-1: who is MASTER holds the address, and who has heard another one does not.
      if (state === "MASTER") assert.ok(router.holds, `${router.host.name} MASTER without address`);
      if (state === "BACKUP" && master !== undefined && master.priority > 0)
        assert.ok(!router.holds, `${router.host.name} BACKUP with address`);
      // S-2: nobody who takes part waits without a timer.
      if (state === "MASTER" || state === "BACKUP")
        assert.notEqual(router.host.alarmAtMs, undefined, `${router.host.name} without timer`);
    }
  }
}
