// One machine of the simulation with one interface. Its kernel keeps addresses when its processes
// die, and its sockets fill while they are paused.

import { type IpAddress, ipv4Number } from "../base/address.ts";
import { fail, ok, type Result } from "../base/result.ts";
import type { AddressFact, AddressOperation } from "../plan/operation.ts";
import { addressKey } from "../vrrp/address-plan.ts";
import type { EngineOutput, EngineWorld } from "../vrrp/engine/output.ts";
import { decodeArpPacket } from "../wire/arp.ts";
import { decodeEthernetFrame } from "../wire/ethernet.ts";
import type { AddressKernel, KernelChange, KernelFault, LinkFact } from "../world/kernel.ts";
import type { Alarm, ReceivedPacket, VrrpNetwork, VrrpSocket } from "../world/vrrp-network.ts";
import type { Segment, Station } from "./segment.ts";
import type { Planned, VirtualTime } from "./virtual-time.ts";

const WALL_START_MS = 1_700_000_000_000;

/** What a host is made of. */
export interface HostOptions {
  readonly name: string;
  readonly address: IpAddress;
  readonly interface: string;
  /** Which of a due alarm and waiting packets comes first when the host wakes from a pause. */
  readonly alarmFirst: boolean;
}

/** A packet socket of a process. */
interface OpenSocket {
  readonly waiting: ReceivedPacket[];
  readonly onReadable: () => void;
  closed: boolean;
}

export class SimulatedHost implements Station {
  readonly name: string;
  readonly #time: VirtualTime;
  readonly #segment: Segment;
  readonly #options: HostOptions;
  readonly #mac: Uint8Array;
  readonly #addresses = new Map<string, AddressFact>();
  #link: LinkFact;
  #sockets: OpenSocket[] = [];
  #watchers: ((change: KernelChange) => void)[] = [];
  #alarms: Planned[] = [];
  #deferred: (() => void)[] = [];
  #pausedUntilMs = 0;
  /** Grows when the processes die, so that nothing of theirs happens afterwards. */
  #life = 0;
  /** Requests that changed something, over all lives. */
  operations = 0;
  /** When set, the kernel refuses changes of addresses with this errno. */
  refusal: { readonly errno: number; readonly code: string } | undefined;
  /** When the alarm of the process will fire; undefined: never. */
  alarmAtMs: number | undefined;

  constructor(time: VirtualTime, segment: Segment, options: HostOptions) {
    this.name = options.name;
    this.#time = time;
    this.#segment = segment;
    this.#options = options;
    const last = ipv4Number(options.address) & 255;
    this.#mac = Uint8Array.of(2, 0, 0, 0, 0, last);
    const { interface: name } = options;
    this.#link = { index: 2, name, up: true, carrier: true, mtu: 1500, mac: this.#mac, type: 1 };
    this.addAddress({ address: options.address, prefixLength: 24, interface: name });
    segment.attach(this);
  }

  /** What a process of this host sees; dies with `crash`. */
  world(tell: (output: EngineOutput) => void): EngineWorld {
    const life = this.#life;
    return {
      clock: {
        nowMs: () => this.#time.nowMs,
        wallMs: () => WALL_START_MS + this.#time.nowMs,
      },
      network: this.#network(),
      kernel: this.#kernel(),
      openAlarm: (onAlarm) => this.#alarm(life, onAlarm),
      tell,
    };
  }

  holds(address: IpAddress, prefixLength: number): boolean {
    return this.#addresses.has(
      addressKey({ address, prefixLength, interface: this.#options.interface }),
    );
  }

  /** Changes an address as an operator would. */
  addAddress(fact: AddressFact): void {
    this.#addresses.set(addressKey(fact), fact);
    this.#notify({ kind: "address-added", fact });
  }

  removeAddress(fact: AddressFact): void {
    if (this.#addresses.delete(addressKey(fact))) this.#notify({ kind: "address-removed", fact });
  }

  setCarrier(carrier: boolean): void {
    this.#link = { ...this.#link, carrier };
    this.#notify({ kind: "link", link: this.#link });
  }

  /** The processes die at once; the kernel goes on. */
  crash(): void {
    this.#life++;
    this.#sockets = [];
    this.#watchers = [];
    this.#deferred = [];
    this.#pausedUntilMs = 0;
    for (const alarm of this.#alarms) alarm.cancel();
    this.#alarms = [];
    this.alarmAtMs = undefined;
  }

  /** The processes get no processor for a while. */
  pause(durationMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#time.nowMs + durationMs);
    const life = this.#life;
    this.#time.plan(this.#pausedUntilMs, () => {
      if (life !== this.#life || this.#paused) return;
      for (const run of this.#deferred.splice(0)) run();
    });
  }

  deliver(packet: Uint8Array): void {
    if (!this.#link.carrier) return;
    const received = { bytes: packet, receivedAtMs: this.#time.nowMs };
    for (const socket of this.#sockets) {
      socket.waiting.push(received);
      if (socket.waiting.length === 1) this.#wake(() => this.#readable(socket), false);
    }
  }

  get #paused(): boolean {
    return this.#time.nowMs < this.#pausedUntilMs;
  }

  #readable(socket: OpenSocket): void {
    if (!socket.closed && socket.waiting.length > 0) socket.onReadable();
  }

  #wake(run: () => void, alarm: boolean): void {
    if (!this.#paused) run();
    else if (alarm && this.#options.alarmFirst) this.#deferred.unshift(run);
    else this.#deferred.push(run);
  }

  #notify(change: KernelChange): void {
    const life = this.#life;
    this.#time.plan(this.#time.nowMs, () => {
      if (life !== this.#life) return;
      for (const watcher of this.#watchers) this.#wake(() => watcher(change), false);
    });
  }

  #alarm(life: number, onAlarm: () => void): Alarm {
    let planned: Planned | undefined;
    const fire = (): void => {
      if (life !== this.#life || planned === undefined) return;
      planned = undefined;
      this.alarmAtMs = undefined;
      onAlarm();
    };
    return {
      set: (atMs) => {
        planned?.cancel();
        planned = undefined;
        this.alarmAtMs = atMs;
        if (atMs === undefined || life !== this.#life) return;
        const own = this.#time.plan(atMs, () => {
          this.#wake(() => {
            // Set anew in the meantime: the expiration has been overwritten.
            if (planned === own) fire();
          }, true);
        });
        planned = own;
        this.#alarms = [own];
      },
      close: () => planned?.cancel(),
    };
  }

  #network(): VrrpNetwork {
    return {
      open: (_options, onReadable) => ok(this.#socket(onReadable)),
      sendFrame: (_ifindex, bytes) => {
        const frame = decodeEthernetFrame(bytes);
        const arp = frame.ok ? decodeArpPacket(frame.value.payload) : undefined;
        if (arp?.ok === true && this.#link.carrier)
          this.#segment.announcedBy.set(arp.value.senderAddress, this.name);
        return ok(undefined);
      },
    };
  }

  #socket(onReadable: () => void): VrrpSocket {
    const socket: OpenSocket = { waiting: [], onReadable, closed: false };
    this.#sockets.push(socket);
    return {
      send: (packet) => {
        if (this.#link.carrier) this.#segment.carry(this.name, packet);
        return ok(undefined);
      },
      receive: () => socket.waiting.splice(0),
      close: () => {
        socket.closed = true;
        this.#sockets = this.#sockets.filter((open) => open !== socket);
      },
    };
  }

  #kernel(): AddressKernel {
    const host = this;
    return {
      links: () => ok([host.#link]),
      addresses: () => ok([...host.#addresses.values()]),
      apply: (operation) => host.#apply(operation),
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
      const { errno, code } = this.refusal;
      const call = operation.kind === "add-address" ? "RTM_NEWADDR" : "RTM_DELADDR";
      return fail({ kind: "syscall-failed", call, errno, code, text: `${call}: ${code}` });
    }
    if (operation.kind === "add-address") this.addAddress(operation.fact);
    else this.removeAddress(operation.fact);
    return ok(undefined);
  }
}
