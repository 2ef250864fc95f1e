// The `xdp` engine: IPVS's semantics in eBPF, pinned, so that packets are forwarded with or without a
// daemon. This class reads and writes the maps, keeps next hops fresh and programs attached.

import type { IpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type { BalancerSettings } from "../../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../../model/balancer-table.ts";
import type { ConnectionEntry } from "../../model/connection-entry.ts";
import type { AttachChoice } from "../../model/model.ts";
import type { SyncDaemonState } from "../../model/sync-daemon.ts";
import type { VirtualServerKey } from "../../model/virtual-server.ts";
import type { BalancerOperation } from "../../plan/operation.ts";
import type { ConnectionRecord } from "../../wire/maps/connection-record.ts";
import { destinationFlags } from "../../wire/maps/destination-record.ts";
import { encodeIndex } from "../../wire/maps/fields.ts";
import { mapNames } from "../../wire/maps/schema.ts";
import { type EventName, encodeInterface } from "../../wire/maps/small-records.ts";
import type { BalancerEngine, EngineFault, EngineFinding } from "../../world/engine.ts";
import type { AddressKernel, LinkFact } from "../../world/kernel.ts";
import type { RoutingKernel } from "../../world/routing.ts";
import type { BpfCalls } from "../ffi/bpf.ts";
import type { Syscalls } from "../ffi/syscalls.ts";
import { Attachments } from "./attachments.ts";
import { connectionListing, eachConnection } from "./connection-listing.ts";
import { readEvents } from "./counters.ts";
import { DestinationSlots } from "./destination-slots.ts";
import { ForwardingSlots } from "./forwarding-slots.ts";
import { NextHops, type Way } from "./next-hops.ts";
import { openPins, type Pins } from "./pins.ts";
import { type Balancer, loadBalancer } from "./programs.ts";
import { SettingsKeeper } from "./settings.ts";
import { serviceStatistics } from "./statistics.ts";
import { Sweeper } from "./sweeper.ts";
import type { ArrivalCounts } from "./sync-arrivals.ts";
import type { SyncCounters } from "./sync-daemons.ts";
import { wireSync } from "./sync-wiring.ts";
import { XdpTable } from "./table.ts";

/** Next hops are read again at least this often, whatever the kernel has told. */
const hopsEveryMs = 10_000;

/** A service that somebody deletes comes back with the next plan; until then its connections go on. */
const orphanMs = 10_000;
const orphansEveryMs = 5_000;

/** What the engine needs from outside. */
export interface XdpEngineOptions {
  readonly bpf: BpfCalls;
  readonly syscalls: Syscalls;
  readonly links: Pick<AddressKernel, "links">;
  readonly routing: RoutingKernel;
  /** Where maps, links and programs are pinned; a BPF file system is mounted there when needed. */
  readonly pinDirectory: string;
  readonly attach: AttachChoice;
  /** Only these interfaces; every Ethernet interface that is up and on its own when absent. */
  readonly interfaces?: readonly string[];
  /** Entries of the connection table, when it is made. */
  readonly connectionsMax: number;
}

export const defaultPinDirectory = "/sys/fs/bpf/keelson";

export class XdpEngine implements BalancerEngine {
  readonly kind = "xdp";
  /** True when an earlier daemon's table and connections were found. */
  readonly adopted: boolean;
  readonly #options: XdpEngineOptions;
  readonly #pins: Pins;
  readonly #balancer: Balancer;
  readonly #slots: DestinationSlots;
  readonly #forwarding: ForwardingSlots;
  readonly #attachments: Attachments;
  readonly #nextHops: NextHops;
  readonly #table: XdpTable;
  readonly #sweeper: Sweeper;
  readonly #settings: SettingsKeeper;
  readonly #sync: ReturnType<typeof wireSync>;
  /** What the first round of maintenance tells. */
  readonly #foundAtStart: EngineFinding[] = [];
  #hopsStale = true;
  #hopsReadAtMs = 0;
  #orphanSinceMs: ReadonlyMap<number, number> = new Map();
  #orphansSoughtAtMs = 0;

  constructor(options: XdpEngineOptions, pins: Pins, balancer: Balancer) {
    const { bpf, syscalls, routing } = options;
    const nowMs = (): number => syscalls.monotonicMs();
    this.#options = options;
    this.#pins = pins;
    this.#balancer = balancer;
    this.adopted = balancer.adopted;
    this.#attachments = new Attachments({
      bpf,
      syscalls,
      pins,
      balancer,
      choice: options.attach,
      ...(options.interfaces !== undefined && { interfaces: options.interfaces }),
    });
    this.#nextHops = new NextHops(routing, (ifindex) => this.#attachments.sendsByXdp(ifindex));
    this.#slots = new DestinationSlots(balancer.maps);
    this.#forwarding = new ForwardingSlots(balancer.maps);
    this.#table = new XdpTable(
      balancer.maps,
      this.#slots,
      (address) => this.#wayTo(address),
      nowMs,
    );
    this.#sweeper = new Sweeper(bpf, balancer, nowMs);
    this.#settings = new SettingsKeeper(balancer.maps.settings, balancer.unitS);
    this.#sync = wireSync({
      bpf,
      syscalls,
      balancer,
      slots: this.#slots,
      table: this.#table,
      settings: this.#settings,
      links: options.links,
    });
    // Sync daemons ended with the process that ran them; what it was told to tell stands in the maps.
    this.#settings.setDaemons(false, false);
    routing.watch(() => {
      this.#hopsStale = true;
      queueMicrotask(() => this.#refreshHops());
    });
  }

  /** Writes to each map since opening, for those who must not cause any. */
  get mapWrites(): Readonly<Record<string, number>> {
    return Object.fromEntries(mapNames.map((name) => [name, this.#balancer.maps[name].writes]));
  }

  /** The loaded maps and programs, for benchmarks and tests. */
  get balancer(): Balancer {
    return this.#balancer;
  }

  interfaces(): readonly string[] {
    return this.#attachments.describe();
  }

  async observe(): Promise<Result<BalancerTable, EngineFault>> {
    return ok(this.#table.observe());
  }

  async apply(operation: BalancerOperation): Promise<Result<void, EngineFault>> {
    const applied = this.#table.apply(operation);
    this.#sync.arrivals.tableChanged(this.#options.syscalls.monotonicMs());
    return applied;
  }

  async statistics(): Promise<Result<readonly ServiceStatistics[], EngineFault>> {
    return ok(serviceStatistics(this.#balancer.maps, this.#table.stored()));
  }

  async zero(key?: VirtualServerKey): Promise<Result<void, EngineFault>> {
    return this.#table.zero(key);
  }

  async settings(): Promise<Result<BalancerSettings, EngineFault>> {
    return this.#settings.read();
  }

  async configure(settings: Partial<BalancerSettings>): Promise<Result<void, EngineFault>> {
    return this.#settings.change(settings);
  }

  async connections(): Promise<Result<Iterable<ConnectionEntry>, EngineFault>> {
    const { maps, unitS } = this.#balancer;
    const time = () => ({ now: this.#coarseNow(), unitS });
    return ok(connectionListing(maps, this.#slots.all(), time));
  }

  async syncDaemons(): Promise<Result<readonly SyncDaemonState[], EngineFault>> {
    return ok(this.#sync.daemons.list());
  }

  async startSyncDaemon(daemon: SyncDaemonState): Promise<Result<void, EngineFault>> {
    return this.#sync.daemons.start(daemon);
  }

  async stopSyncDaemon(role: SyncDaemonState["role"]): Promise<Result<void, EngineFault>> {
    return this.#sync.daemons.stop(role);
  }

  /** What sync daemons have told and heard since this process opened the engine. */
  syncCounters(): SyncCounters & ArrivalCounts {
    return { ...this.#sync.daemons.counters, ...this.#sync.arrivals.counts };
  }

  /** How often packets met something else than being forwarded, by event. */
  events(): Readonly<Record<EventName, number>> {
    return readEvents(this.#balancer.maps);
  }

  /** The connections in the table, in no order; some may be over and wait for the sweep. */
  connectionRecords(): readonly ConnectionRecord[] {
    return [...eachConnection(this.#balancer.maps, this.#slots.all())];
  }

  async maintain(): Promise<readonly EngineFinding[]> {
    const findings: EngineFinding[] = [...this.#foundAtStart.splice(0), ...this.#repin()];
    const links = this.#options.links.links();
    if (links.ok) findings.push(...this.#settleInterfaces(links.value));
    this.#refreshHops();
    this.#abandonOrphans();
    for (const found of this.#table.settleDerived())
      findings.push({ found, done: "written again", ok: true });
    this.#sweeper.sweepWhenDue();
    // What follows from our own forgetting is no finding of the next round.
    if (this.#slots.freeAbandoned(this.#options.syscalls.monotonicMs()))
      this.#table.settleDerived();
    return findings;
  }

  async close(): Promise<void> {
    const { syscalls, routing } = this.#options;
    this.#sync.daemons.close();
    routing.close();
    this.#attachments.close();
    const { maps, xdp, tc, tcEgress, sweep, now, restore } = this.#balancer;
    for (const name of mapNames) syscalls.close(maps[name].fd);
    for (const { fd } of [xdp, tc, tcEgress, sweep, now, restore]) syscalls.close(fd);
  }

  /** Attaches where nothing is attached yet. */
  start(): readonly EngineFinding[] {
    const links = this.#options.links.links();
    const findings = links.ok ? this.#settleInterfaces(links.value) : [];
    this.#refreshHops();
    this.#foundAtStart.push(...findings.filter(({ ok: mended }) => mended));
    return findings;
  }

  #coarseNow(): number {
    const numbers = new Float64Array(4);
    this.#options.bpf.bpfRun(this.#balancer.now.fd, null, null, null, null, numbers);
    return numbers[0] ?? 0;
  }

  #settleInterfaces(links: readonly LinkFact[]): readonly EngineFinding[] {
    // The MAC first: a program that hangs and does not know its interface would pass packets on.
    const { interfaces } = this.#balancer.maps;
    for (const link of links) {
      if (link.mac.length !== 6) continue;
      const value = encodeInterface(link.mac);
      const found = interfaces.lookup(encodeIndex(link.index));
      if (found === undefined || found.some((byte, i) => byte !== value[i]))
        interfaces.update(encodeIndex(link.index), value);
    }
    const before = this.#attachments.describe().join();
    const findings = this.#attachments.settle(links);
    if (this.#attachments.describe().join() !== before) this.#hopsStale = true;
    return findings;
  }

  #wayTo(address: IpAddress): Way {
    const links = this.#options.links.links();
    const nowMs = this.#options.syscalls.monotonicMs();
    this.#hopsStale = true;
    return this.#nextHops.look(links.ok ? links.value : [], nowMs).find(address);
  }

  #refreshHops(): void {
    const nowMs = this.#options.syscalls.monotonicMs();
    if (!this.#hopsStale && nowMs - this.#hopsReadAtMs < hopsEveryMs) return;
    const links = this.#options.links.links();
    if (!links.ok) return;
    this.#hopsStale = false;
    this.#hopsReadAtMs = nowMs;
    const finder = this.#nextHops.look(links.value, nowMs);
    const ways = new Map<IpAddress, Way>();
    let derived = false;
    for (const [slot, record] of this.#slots.all()) {
      const way = ways.get(record.address) ?? finder.find(record.address);
      ways.set(record.address, way);
      const moved = this.#slots.moveHop(slot, way.hop, way.local);
      if (this.#forwarding.follow(slot, record, way.source) || moved) derived = true;
    }
    // Whose answers arrive where follows from it.
    if (derived) this.#table.settleDerived();
  }

  /** Destinations whose service somebody else has deleted. */
  #abandonOrphans(): void {
    const nowMs = this.#options.syscalls.monotonicMs();
    if (nowMs - this.#orphansSoughtAtMs < orphansEveryMs) return;
    this.#orphansSoughtAtMs = nowMs;
    const listed = new Set<number>();
    for (const { record } of this.#table.stored())
      for (const { destination } of record.candidates) listed.add(destination);
    const orphans = new Map<number, number>();
    for (const [slot, { flags }] of this.#slots.all()) {
      if ((flags & destinationFlags.available) === 0 || listed.has(slot)) continue;
      const sinceMs = this.#orphanSinceMs.get(slot) ?? nowMs;
      if (nowMs - sinceMs < orphanMs) orphans.set(slot, sinceMs);
      else this.#slots.abandon(slot, nowMs);
    }
    this.#orphanSinceMs = orphans;
  }

  /** Puts back pins that somebody removed: without them the maps would end with this process. */
  #repin(): readonly EngineFinding[] {
    const pinned = new Set(this.#pins.names("maps"));
    const findings: EngineFinding[] = [];
    for (const name of mapNames) {
      if (pinned.has(name)) continue;
      const returned = this.#pins.replace("maps", name, this.#balancer.maps[name].fd);
      const done = returned < 0 ? "pinning failed" : "pinned again";
      findings.push({ found: `map ${name} is not pinned`, done, ok: returned >= 0 });
    }
    return findings;
  }
}

/**
 * Opens the data plane: adopts what is pinned or makes it, swaps in this version's programs, attaches
 * them. Fails as `unavailable` where eBPF is not allowed or libbpf.so.1 is missing; the text says why.
 */
export function openXdpEngine(options: XdpEngineOptions): Result<XdpEngine, EngineFault> {
  const pins = openPins(options.bpf, options.syscalls, options.pinDirectory);
  if (!pins.ok) return pins;
  const { bpf, syscalls, connectionsMax } = options;
  const balancer = loadBalancer(bpf, syscalls, pins.value, connectionsMax);
  if (!balancer.ok) return balancer;
  const engine = new XdpEngine(options, pins.value, balancer.value);
  const failed = engine.start().filter((finding) => !finding.ok);
  if (failed.length > 0)
    return fail({
      kind: "unavailable",
      text: failed.map(({ found, done }) => `${found}: ${done}`).join("; "),
    });
  return ok(engine);
}
