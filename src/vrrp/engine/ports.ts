// Sockets: one pair for each interface and multicast group, shared by the instances there. A port
// turns packets into accepted adverts and counts the rest.

import { type IpAddress, ipv4Number } from "../../base/address.ts";
import type { VrrpSocket } from "../../world/vrrp-network.ts";
import {
  type AcceptedAdvert,
  type AdvertExpectation,
  type RejectedPacket,
  type RejectKind,
  validateAdvert,
} from "../validate-advert.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

const COMPLAINT_GAP_MS = 30_000;

/** Takes what a port has accepted; `atMs` is when the kernel received it. */
export type AdvertTaker = (instance: RunningInstance, advert: AcceptedAdvert, atMs: number) => void;

interface Port {
  readonly ifindex: number;
  readonly interface: string;
  readonly group: IpAddress;
  readonly groupNumber: number;
  readonly socket: VrrpSocket;
  ownAddresses: readonly number[];
  readonly instances: Map<number, RunningInstance>;
  readonly expectations: Map<number, AdvertExpectation>;
  /** Packets that arrived before this time have been read. */
  drainedAtMs: number;
}

export class Ports {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #onReadable: (portName: string) => void;
  readonly #ports = new Map<string, Port>();
  readonly #complaints = new LogLimiter(COMPLAINT_GAP_MS);
  /** Packets that were for none of the instances, by interface and kind. */
  readonly #strays = new Map<string, Map<RejectKind, number>>();

  constructor(world: EngineWorld, links: LinkTable, onReadable: (portName: string) => void) {
    this.#world = world;
    this.#links = links;
    this.#onReadable = onReadable;
  }

  /** The open socket of an instance. */
  socketOf(instance: RunningInstance): VrrpSocket | undefined {
    return this.#ports.get(portName(instance))?.socket;
  }

  /**
   * Opens what the instances need, closes what none needs or whose interface has been replaced.
   * Instances without a usable socket are found by `socketOf`.
   */
  arrange(instances: readonly RunningInstance[], virtual: ReadonlySet<IpAddress>): void {
    const needed = new Set(instances.map(portName));
    for (const [name, port] of this.#ports) {
      if (needed.has(name) && this.#links.link(port.interface)?.index === port.ifindex) continue;
      port.socket.close();
      this.#ports.delete(name);
    }
    for (const port of this.#ports.values()) {
      port.instances.clear();
      port.expectations.clear();
    }
    for (const instance of instances) this.#attach(instance);
    for (const port of this.#ports.values())
      port.ownAddresses = this.#links.ownNumbers(port.interface, virtual);
  }

  /** Reads everything that has arrived anywhere. */
  drain(take: AdvertTaker): void {
    for (const port of this.#ports.values()) this.#drainPort(port, take);
  }

  /** Reads everything that has arrived at one port. */
  drainOne(name: string, take: AdvertTaker): void {
    const port = this.#ports.get(name);
    if (port !== undefined) this.#drainPort(port, take);
  }

  /** Counters of packets on an interface that belonged to none of its instances. */
  strays(interfaceName: string): ReadonlyMap<RejectKind, number> | undefined {
    return this.#strays.get(interfaceName);
  }

  close(): void {
    for (const port of this.#ports.values()) port.socket.close();
    this.#ports.clear();
  }

  #attach(instance: RunningInstance): void {
    const name = portName(instance);
    const port = this.#ports.get(name) ?? this.#open(name, instance);
    if (port === undefined) return;
    const { vrid } = instance.config;
    // A virtual router that is being replaced gives up its number to its successor.
    if (instance.retiring && port.instances.has(vrid)) return;
    port.instances.set(vrid, instance);
    port.expectations.set(vrid, instance.expectation);
  }

  #open(name: string, instance: RunningInstance): Port | undefined {
    const { interface: interfaceName, multicastGroup: group } = instance.config;
    const link = this.#links.link(interfaceName);
    if (link === undefined || instance.config.family !== 4) return undefined;
    const opened = this.#world.network.open(
      { ifindex: link.index, interface: interfaceName, family: 4, group },
      () => this.#onReadable(name),
    );
    const nowMs = this.#world.clock.nowMs();
    if (!opened.ok) {
      if (this.#complaints.allows(name, nowMs)) {
        const text = `could not open a VRRP socket on ${interfaceName}: ${opened.fault.text}`;
        this.#world.tell({ kind: "log", event: { level: "error", kind: "socket-failed", text } });
      }
      return undefined;
    }
    const port: Port = {
      ifindex: link.index,
      interface: interfaceName,
      group,
      groupNumber: ipv4Number(group),
      socket: opened.value,
      ownAddresses: [],
      instances: new Map(),
      expectations: new Map(),
      drainedAtMs: nowMs,
    };
    this.#ports.set(name, port);
    return port;
  }

  #drainPort(port: Port, take: AdvertTaker): void {
    const startMs = this.#world.clock.nowMs();
    const link = { ownAddresses: port.ownAddresses, group: port.groupNumber };
    for (const packet of port.socket.receive()) {
      const verdict = validateAdvert(packet.bytes, link, port.expectations);
      if (!verdict.ok) {
        this.#reject(port, verdict.fault, startMs);
        continue;
      }
      const instance = port.instances.get(verdict.value.vrid);
      if (instance === undefined) continue;
      // The port was empty at the last look, so that no timestamp can be older; a stepped clock
      // of the host could claim so.
      const atMs = Math.max(port.drainedAtMs, Math.min(packet.receivedAtMs, startMs));
      take(instance, verdict.value, atMs);
    }
    port.drainedAtMs = startMs;
  }

  #reject(port: Port, fault: RejectedPacket, nowMs: number): void {
    const instance = fault.vrid === undefined ? undefined : port.instances.get(fault.vrid);
    if (instance === undefined) {
      const counts = this.#strays.get(port.interface) ?? new Map<RejectKind, number>();
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      this.#strays.set(port.interface, counts);
      return;
    }
    instance.reject(fault.kind);
    const topic = `${port.interface} ${fault.vrid} ${fault.kind}`;
    if (!this.#complaints.allows(topic, nowMs)) return;
    const { name, vrid } = instance.config;
    const dual = instance.state.role === "MASTER" && fault.kind === "interval-mismatch";
    const text = dual
      ? `${name}: another router advertises at another interval, so both hold the addresses`
      : `${name}: packet for VRID ${vrid} on ${port.interface} rejected: ${fault.kind}`;
    const fields = { instance: name, vrid, reason: fault.kind };
    this.#world.tell({
      kind: "log",
      event: { level: "warning", kind: "packet-rejected", text, fields },
    });
  }
}

function portName(instance: RunningInstance): string {
  return `${instance.config.interface} ${instance.config.multicastGroup}`;
}
