// Sockets: one pair for each interface, family and multicast group (or unicast), shared by the
// instances there. A port turns packets into accepted adverts and counts the rest.

import type { IpAddress } from "../../base/address.ts";
import type { VrrpProcessOptions } from "../../model/vrrp-wish.ts";
import type { VrrpSocket } from "../../world/vrrp-network.ts";
import {
  type AcceptedAdvert,
  type AdvertExpectation,
  type RejectedPacket,
  type RejectKind,
  validateAdvert,
} from "../validate-advert.ts";
import { ComplaintLimiter } from "./complaint-limiter.ts";
import { describeNote, describeRejection } from "./describe-packets.ts";
import type { LinkTable } from "./link-table.ts";
import type { EngineWorld } from "./output.ts";
import { type PortPlan, planPort } from "./port-plan.ts";
import type { RunningInstance } from "./running-instance.ts";

const COMPLAINT_GAP_MS = 30_000;
/** Lines about packets in that time, whatever arrives. */
const COMPLAINTS_MAX = 20;

/** Takes what a port has accepted; `atMs` is when the kernel received it. */
export type AdvertTaker = (instance: RunningInstance, advert: AcceptedAdvert, atMs: number) => void;

interface Port {
  readonly plan: PortPlan;
  readonly ifindex: number;
  readonly sendIfindex: number | undefined;
  readonly socket: VrrpSocket;
  ownAddresses: ReadonlySet<IpAddress>;
  oldChecksumGroup: IpAddress | undefined;
  /** By what they expect: several unicast instances may share a VRID. */
  readonly instances: Map<AdvertExpectation, RunningInstance>;
  readonly expectations: Map<number, AdvertExpectation[]>;
  /** Packets that arrived before this time have been read. */
  drainedAtMs: number;
}

export class Ports {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #onReadable: (portName: string) => void;
  readonly #ports = new Map<string, Port>();
  readonly #failures = new ComplaintLimiter(COMPLAINT_GAP_MS, COMPLAINTS_MAX);
  readonly #complaints = new ComplaintLimiter(COMPLAINT_GAP_MS, COMPLAINTS_MAX);
  #logsUnknown = false;
  /** Packets that were for none of the instances, by interface and kind. */
  readonly #strays = new Map<string, Map<RejectKind, number>>();

  constructor(world: EngineWorld, links: LinkTable, onReadable: (portName: string) => void) {
    this.#world = world;
    this.#links = links;
    this.#onReadable = onReadable;
  }

  /** Takes what concerns all instances. */
  adopt({ logUnknownVrids = false }: VrrpProcessOptions): void {
    this.#logsUnknown = logUnknownVrids;
  }

  /** The open socket of an instance. */
  socketOf(instance: RunningInstance): VrrpSocket | undefined {
    return this.#ports.get(planPort(instance).name)?.socket;
  }

  /**
   * Opens what the instances need, closes what none needs or whose interface has been replaced.
   * Instances without a usable socket are found by `socketOf`.
   */
  arrange(instances: readonly RunningInstance[], virtual: ReadonlySet<IpAddress>): void {
    const needed = new Set(instances.map((instance) => planPort(instance).name));
    for (const [name, port] of this.#ports) {
      if (needed.has(name) && this.#stands(port)) continue;
      port.socket.close();
      this.#ports.delete(name);
    }
    for (const port of this.#ports.values()) {
      port.instances.clear();
      port.expectations.clear();
      port.oldChecksumGroup = undefined;
    }
    for (const instance of instances) this.#attach(instance);
    for (const port of this.#ports.values()) {
      const { interface: interfaceName, family } = port.plan;
      port.ownAddresses = this.#links.ownAddresses(interfaceName, family, virtual);
    }
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

  /** True while both of its interfaces are those that it was opened on. */
  #stands({ plan, ifindex, sendIfindex }: Port): boolean {
    if (this.#links.link(plan.interface)?.index !== ifindex) return false;
    return (
      plan.sendInterface === undefined ||
      this.#links.link(plan.sendInterface)?.index === sendIfindex
    );
  }

  #attach(instance: RunningInstance): void {
    const { config } = instance;
    const link = this.#links.link(config.interface);
    if (link !== undefined)
      instance.fit({
        mtu: link.mtu,
        onLink: (address) => this.#links.onLink(config.interface, address),
      });
    const plan = planPort(instance);
    const port = this.#ports.get(plan.name) ?? this.#open(plan);
    if (port === undefined) return;
    const { expectation } = instance;
    const others = port.expectations.get(config.vrid) ?? [];
    // A virtual router that is being replaced gives up its number to its successor.
    if (instance.retiring && others.length > 0) return;
    port.instances.set(expectation, instance);
    port.expectations.set(config.vrid, [...others, expectation]);
    if (expectation.oldChecksum) port.oldChecksumGroup = config.multicastGroup;
  }

  #open(plan: PortPlan): Port | undefined {
    const link = this.#links.link(plan.interface);
    const { sendInterface, group, receiveBufferBytes } = plan;
    const sendLink = sendInterface === undefined ? undefined : this.#links.link(sendInterface);
    if (link === undefined || (sendInterface !== undefined && sendLink === undefined))
      return undefined;
    const opened = this.#world.network.open(
      {
        ifindex: link.index,
        interface: plan.interface,
        family: plan.family,
        ...(group === undefined ? {} : { group }),
        ...(sendLink === undefined ? {} : { sendIfindex: sendLink.index }),
        ...(plan.authenticationHeader ? { authenticationHeader: true } : {}),
        ...(receiveBufferBytes === undefined ? {} : { receiveBufferBytes }),
      },
      () => this.#onReadable(plan.name),
    );
    const nowMs = this.#world.clock.nowMs();
    if (!opened.ok) {
      if (this.#failures.allows(plan.name, nowMs)) {
        const text = `could not open a VRRP socket on ${plan.interface}: ${opened.fault.text}`;
        this.#world.tell({ kind: "log", event: { level: "error", kind: "socket-failed", text } });
      }
      return undefined;
    }
    const port: Port = {
      plan,
      ifindex: link.index,
      sendIfindex: sendLink?.index,
      socket: opened.value,
      ownAddresses: new Set(),
      oldChecksumGroup: undefined,
      instances: new Map(),
      expectations: new Map(),
      drainedAtMs: nowMs,
    };
    this.#ports.set(plan.name, port);
    return port;
  }

  #drainPort(port: Port, take: AdvertTaker): void {
    const { clock } = this.#world;
    const startMs = clock.nowMs();
    const { family, group, authenticationHeader } = port.plan;
    const { ownAddresses, oldChecksumGroup } = port;
    const link = { family, group, authenticationHeader, ownAddresses, oldChecksumGroup };
    for (const packet of port.socket.receive()) {
      const verdict = validateAdvert(packet.bytes, link, port.expectations, clock.wallMs());
      if (!verdict.ok) {
        this.#reject(port, verdict.fault, startMs);
        continue;
      }
      const instance = port.instances.get(verdict.value.expectation);
      if (instance === undefined) continue;
      instance.learn(verdict.value);
      this.#note(instance, verdict.value, startMs);
      // The port was empty at the last look, so that no timestamp can be older; a stepped clock
      // of the host could claim so.
      const atMs = Math.max(port.drainedAtMs, Math.min(packet.receivedAtMs, startMs));
      take(instance, verdict.value, atMs);
    }
    port.drainedAtMs = startMs;
  }

  #reject(port: Port, fault: RejectedPacket, nowMs: number): void {
    const { expectation, vrid } = fault;
    const claimed = vrid === undefined ? undefined : port.expectations.get(vrid)?.[0];
    const owner = expectation ?? claimed;
    const instance = owner === undefined ? undefined : port.instances.get(owner);
    const interfaceName = port.plan.interface;
    if (instance === undefined) {
      const counts = this.#strays.get(interfaceName) ?? new Map<RejectKind, number>();
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1);
      this.#strays.set(interfaceName, counts);
      const news = this.#logsUnknown && fault.kind === "vrid-unknown" && vrid !== undefined;
      const stray = `${interfaceName} ${vrid} ${fault.source}`;
      if (!news || !this.#complaints.allows(stray, nowMs)) return;
      const text = `${interfaceName}: ${fault.source} advertises VRID ${vrid}, which no instance has`;
      this.#warn("vrid-unknown", text, { vrid });
      return;
    }
    instance.reject(fault.kind);
    const topic = `${instance.config.name} ${fault.kind} ${fault.source ?? ""}`;
    if (!this.#complaints.allows(topic, nowMs)) return;
    const { name, vrid: own } = instance.config;
    const fields = { instance: name, vrid: own, reason: fault.kind };
    this.#warn("packet-rejected", describeRejection(instance, fault), fields);
  }

  #note(instance: RunningInstance, advert: AcceptedAdvert, nowMs: number): void {
    const { name, vrid } = instance.config;
    for (const note of advert.notes) {
      if (!this.#complaints.allows(`${name} ${note} ${advert.source}`, nowMs)) continue;
      const fields = { instance: name, vrid, reason: note };
      this.#warn("advert-odd", describeNote(instance, note, advert), fields);
    }
  }

  #warn(kind: string, text: string, fields: Readonly<Record<string, string | number>>): void {
    const suppressed = this.#complaints.takeSuppressed();
    const more = suppressed === 0 ? "" : ` (${suppressed} more lines about packets were left out)`;
    this.#world.tell({
      kind: "log",
      event: { level: "warning", kind, text: `${text}${more}`, fields },
    });
  }
}
