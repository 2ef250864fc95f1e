// One machine of the simulation. Its kernel keeps addresses when its processes die, and its sockets
// fill while they are paused; its clock may run fast or slow, and stands still while it is frozen.

import type { IpAddress } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { AddressFact, AddressOperation } from "../plan/operation.ts";
import { addressKey } from "../vrrp/address-plan.ts";
import type { EngineOutput, EngineWorld } from "../vrrp/engine/output.ts";
import type { AddressKernel, KernelChange, KernelFault } from "../world/kernel.ts";
import type { PeerNetwork } from "../world/peer-network.ts";
import type { Alarm, VrrpNetwork } from "../world/vrrp-network.ts";
import { HostClock } from "./host-clock.ts";
import { macText } from "./neighbour-cache.ts";
import { Nic } from "./nic.ts";
import type { Segment } from "./segment.ts";
import { SimulatedHostKernel } from "./simulated-host-kernel.ts";
import type { Planned, VirtualTime } from "./virtual-time.ts";

/** One interface and where it is plugged in. */
export interface HostInterface {
  readonly name: string;
  readonly segment: Segment;
  readonly addresses: readonly { readonly address: IpAddress; readonly prefixLength: number }[];
}

/** What a host is made of. */
export interface HostOptions {
  readonly name: string;
  /** 1..255; part of its hardware addresses. */
  readonly number: number;
  readonly interfaces: readonly HostInterface[];
  /** Which of a due alarm and waiting packets comes first when the host wakes from a pause. */
  readonly alarmFirst: boolean;
  /** Milliseconds of its clock in a true one; 1 unless said. */
  readonly clockRate?: number;
  /** What its clock shows at the start; 0 unless said. */
  readonly clockStartMs?: number;
  /** False: its process speaks nothing but VRRP. */
  readonly speaksWithPeers?: boolean;
}

/** An errno of a kernel that refuses. */
export interface Refusal {
  readonly errno: number;
  readonly code: string;
}

export class SimulatedHost {
  readonly name: string;
  readonly clock: HostClock;
  readonly #time: VirtualTime;
  readonly #options: HostOptions;
  readonly #nics: Nic[] = [];
  readonly #addresses = new Map<string, AddressFact>();
  /** When addresses with a lifetime expire. */
  readonly #expiries = new Map<string, Planned>();
  /** What the kernel has beside interfaces and addresses. */
  readonly rest: SimulatedHostKernel;
  #watchers: ((change: KernelChange) => void)[] = [];
  #alarms: Planned[] = [];
  #deferred: (() => void)[] = [];
  #pausedUntilMs = 0;
  /** Grows when the processes die, so that nothing of theirs happens afterwards. */
  #life = 0;
  #changesLost = false;
  #nonces = 0;
  /** Requests that changed something, over all lives. */
  operations = 0;
  /** When set, the kernel refuses changes of addresses. */
  refusal: Refusal | undefined;
  /** When the alarm of the process will fire, by its clock; undefined: never. */
  alarmAtMs: number | undefined;
  /** Called with each announcement that leaves, before it does. */
  onFrame: (ifindex: number, frame: Uint8Array) => void = () => undefined;
  /** Called with each packet that leaves. */
  onSend: (ifindex: number, packet: Uint8Array) => void = () => undefined;

  constructor(time: VirtualTime, options: HostOptions) {
    this.name = options.name;
    this.#time = time;
    this.#options = options;
    this.clock = new HostClock(time, options.clockRate ?? 1, options.clockStartMs ?? 0);
    this.rest = new SimulatedHostKernel(() => this.clock.nowMs);
    for (const [i, { name, segment, addresses }] of options.interfaces.entries()) {
      const index = i + 2;
      const mac = Uint8Array.of(2, 0, 0, 0, index, options.number);
      const around = {
        nowMs: () => this.clock.nowMs,
        frozen: () => this.clock.frozen,
        wake: (run: () => void) => this.#wake(run, false),
        owns: (address: IpAddress) => this.answers(address),
      };
      const nic = new Nic(options.name, segment, { index, name, mac }, around);
      this.#nics.push(nic);
      segment.attach(nic);
      for (const { address, prefixLength } of addresses)
        this.addAddress({ address, prefixLength, interface: name });
    }
  }

  /** What a process of this host sees; dies with `crash`. */
  world(tell: (output: EngineOutput) => void): EngineWorld {
    const life = this.#life;
    return {
      clock: {
        nowMs: () => this.clock.nowMs,
        wallMs: () => this.clock.wallMs,
        asleepMs: () => this.clock.asleepMs,
      },
      network: this.#network(),
      kernel: this.#kernel(),
      host: this.rest.world(),
      ...(this.#options.speaksWithPeers === false ? {} : { peers: this.#peers() }),
      openAlarm: (onAlarm) => this.#alarm(life, onAlarm),
      tell,
    };
  }

  /** True when the kernel has exactly this address on this interface. */
  hasFact(key: string): boolean {
    return this.#addresses.has(key);
  }

  hasAddress(address: IpAddress): boolean {
    for (const fact of this.#addresses.values()) if (fact.address === address) return true;
    return false;
  }

  /** True when the kernel has the address, and lets its packets pass. */
  answers(address: IpAddress): boolean {
    return this.hasAddress(address) && this.rest.guard.passes(address);
  }

  /** The hardware addresses of its interfaces. */
  get macs(): readonly string[] {
    return this.#nics.map((nic) => macText(nic.link.mac));
  }

  /** True while its processes get no processor. */
  get paused(): boolean {
    return this.clock.frozen || this.#time.nowMs < this.#pausedUntilMs;
  }

  /** When its processes get a processor again; now, while they have one. */
  get awakeAtMs(): number {
    return Math.max(this.#time.nowMs, this.#pausedUntilMs, this.clock.frozenUntilMs);
  }

  /** Changes an address as an operator would. */
  addAddress(fact: AddressFact): void {
    const { lifetimeS, ...known } = fact;
    const nowMs = this.clock.nowMs;
    const lease = lifetimeS && { leaseMs: lifetimeS * 1000, renewedAtMs: nowMs };
    this.#addresses.set(addressKey(fact), { ...known, ...lease });
    this.#expire(fact, lifetimeS && nowMs + lifetimeS * 1000);
    this.#notify({ kind: "address-added", fact });
  }

  /** Plans the end of an address's lifetime by the clock of the machine; undefined: it stays. */
  #expire(fact: AddressFact, atMs: number | undefined): void {
    const key = addressKey(fact);
    this.#expiries.get(key)?.cancel();
    this.#expiries.delete(key);
    if (atMs === undefined) return;
    const planned = this.#time.plan(this.clock.trueTime(atMs), () => {
      // The clock may have stood still meanwhile.
      if (this.clock.nowMs < atMs - 1) this.#expire(fact, atMs);
      else this.removeAddress(fact);
    });
    this.#expiries.set(key, planned);
  }

  removeAddress(fact: AddressFact): void {
    this.#expire(fact, undefined);
    if (this.#addresses.delete(addressKey(fact))) this.#notify({ kind: "address-removed", fact });
  }

  /** Of one interface, or of the first. */
  setCarrier(carrier: boolean, interfaceName?: string): void {
    const nic = this.nic(interfaceName);
    nic.link = { ...nic.link, carrier };
    this.#notify({ kind: "link", link: nic.link });
  }

  /** Takes an interface administratively up or down. */
  setUp(up: boolean, interfaceName?: string): void {
    const nic = this.nic(interfaceName);
    nic.link = { ...nic.link, up, carrier: up };
    this.#notify({ kind: "link", link: nic.link });
  }

  /** Notifications of the kernel are lost from now on, until `overrun`. */
  loseChanges(): void {
    this.#changesLost = true;
  }

  /** Tells the processes that notifications were lost. */
  overrun(): void {
    this.#changesLost = false;
    this.#notify({ kind: "overrun" });
  }

  /** The processes die at once; the kernel goes on. */
  crash(): void {
    this.#life++;
    for (const nic of this.#nics) nic.closeSockets();
    this.#watchers = [];
    this.rest.forget();
    this.#deferred = [];
    this.#pausedUntilMs = 0;
    for (const alarm of this.#alarms) alarm.cancel();
    this.#alarms = [];
    this.alarmAtMs = undefined;
  }

  /** The processes get no processor for a while. */
  pause(durationMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#time.nowMs + durationMs);
    this.#time.plan(this.#pausedUntilMs, () => this.#resume());
  }

  /**
   * The whole machine stands still for a while, its clock included; what arrives is lost. It knows of
   * it afterwards when it has been suspended, and does not when it is a guest whose host has stopped.
   */
  freeze(durationMs: number, suspended = false): void {
    this.clock.freeze(durationMs, suspended);
    this.#time.plan(this.#time.nowMs + durationMs, () => this.#resume());
  }

  /** Ends pauses at once. A frozen machine stays frozen. */
  wakeUp(): void {
    this.#pausedUntilMs = 0;
    this.#resume();
  }

  /** A packet that reaches an interface, the first unless said. */
  deliver(packet: Uint8Array, interfaceName?: string): void {
    this.nic(interfaceName).deliver(packet);
  }

  /** An interface by name, or the first. */
  nic(name?: string): Nic {
    const found =
      name === undefined ? this.#nics[0] : this.#nics.find((nic) => nic.link.name === name);
    if (found === undefined) throw new Error(`${this.name} has no interface ${name}`);
    return found;
  }

  #resume(): void {
    if (this.paused) return;
    const life = this.#life;
    for (const run of this.#deferred.splice(0)) {
      if (life !== this.#life) return;
      run();
    }
  }

  #wake(run: () => void, alarm: boolean): void {
    if (!this.paused) run();
    else if (alarm && this.#options.alarmFirst) this.#deferred.unshift(run);
    else this.#deferred.push(run);
  }

  #notify(change: KernelChange): void {
    if (this.#changesLost) return;
    const life = this.#life;
    this.#time.plan(this.#time.nowMs, () => {
      if (life !== this.#life) return;
      for (const watcher of this.#watchers) this.#wake(() => watcher(change), false);
    });
  }

  #alarm(life: number, onAlarm: () => void): Alarm {
    let wantedMs: number | undefined;
    let planned: Planned | undefined;
    let plannedMs = Number.POSITIVE_INFINITY;
    const plan = (atMs: number): void => {
      planned?.cancel();
      plannedMs = atMs;
      planned = this.#time.plan(this.clock.trueTime(atMs), () => {
        planned = undefined;
        plannedMs = Number.POSITIVE_INFINITY;
        if (wantedMs !== undefined && life === this.#life) this.#wake(() => fire(), true);
      });
      this.#alarms = [planned];
    };
    const fire = (): void => {
      if (life !== this.#life || wantedMs === undefined) return;
      // Set to a later time since, or the clock stood still in between.
      if (!this.clock.reach(wantedMs)) {
        plan(wantedMs);
        return;
      }
      wantedMs = undefined;
      this.alarmAtMs = undefined;
      onAlarm();
    };
    return {
      set: (atMs) => {
        if (life !== this.#life) return;
        wantedMs = atMs;
        this.alarmAtMs = atMs;
        if (atMs !== undefined && atMs < plannedMs) plan(atMs);
      },
      close: () => {
        wantedMs = undefined;
        planned?.cancel();
      },
    };
  }

  #network(): VrrpNetwork {
    return {
      open: (options, onReadable) => {
        const nic = this.#nics.find((one) => one.link.index === options.ifindex);
        if (nic === undefined) return fail(fault("socket", { errno: 19, code: "ENODEV" }));
        return ok(nic.open(options, onReadable, (packet) => this.onSend(options.ifindex, packet)));
      },
      sendFrame: (ifindex, bytes) => {
        const nic = this.#nics.find((one) => one.link.index === ifindex);
        if (nic === undefined) return fail(fault("sendto", { errno: 6, code: "ENXIO" }));
        this.onFrame(ifindex, bytes);
        nic.sendFrame(bytes);
        return ok(undefined);
      },
    };
  }

  #peers(): PeerNetwork {
    return {
      open: (options, onReadable) => {
        const nic = this.#nics.find((one) => one.link.index === options.ifindex);
        if (nic === undefined) return fail(fault("socket", { errno: 19, code: "ENODEV" }));
        return ok(nic.openPeer(options, onReadable));
      },
      // Any numbers do: nobody guesses here.
      random: (length) => {
        this.#nonces++;
        const all = this.#nonces * 256 + this.#options.number;
        return Uint8Array.from({ length }, (_, i) => (all >> (8 * (i % 4))) & 255);
      },
    };
  }

  #kernel(): AddressKernel {
    const host = this;
    return {
      links: () => ok(host.#nics.map((nic) => nic.link)),
      addresses: () => ok([...host.#addresses.values()]),
      apply: (operation) => host.#apply(operation),
      renew: (facts) => {
        if (host.refusal !== undefined) return fail(fault("RTM_NEWADDR", host.refusal));
        for (const fact of facts) host.addAddress(fact);
        return ok(undefined);
      },
      watch: (onChange) => {
        host.#watchers.push(onChange);
      },
      get changesSent() {
        return host.operations;
      },
      close: () => {
        host.#watchers = [];
      },
    };
  }

  #apply(operation: AddressOperation): Result<void, KernelFault> {
    this.operations++;
    if (this.refusal !== undefined) {
      const call = operation.kind === "add-address" ? "RTM_NEWADDR" : "RTM_DELADDR";
      return fail(fault(call, this.refusal));
    }
    if (operation.kind === "add-address") this.addAddress(operation.fact);
    else this.removeAddress(operation.fact);
    return ok(undefined);
  }
}

function fault(call: string, { errno, code }: Refusal): KernelFault {
  return { kind: "syscall-failed", call, errno, code, text: `${call}: ${code}` };
}
