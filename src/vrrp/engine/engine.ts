// Runs instances on a world: every input goes through the machine, every deed is done before the
// next input is looked at. A clock event is believed only after the sockets have been emptied,
// because a late reader is not a dead peer.

import type { SyncGroupStatus, VrrpInstanceStatus } from "../../model/status.ts";
import type { TrackerKind, TrackerResult, VrrpWish } from "../../model/vrrp-wish.ts";
import type { KernelChange } from "../../world/kernel.ts";
import type { Alarm } from "../../world/vrrp-network.ts";
import { addressKey } from "../address-plan.ts";
import { type Condition, sameCondition } from "../condition.ts";
import { NOT_STARTED, type VrrpEvent, vrrpWakeAtMs } from "../state.ts";
import { stepVrrp } from "../step.ts";
import type { AcceptedAdvert } from "../validate-advert.ts";
import { adoptWish } from "./adopt-wish.ts";
import { Alarms } from "./alarms.ts";
import { Announcer } from "./announcer.ts";
import { Conditions } from "./conditions.ts";
import { Deadlines, earliest } from "./deadlines.ts";
import { Groups } from "./groups.ts";
import { Judge } from "./judge.ts";
import { openLazyAlarm } from "./lazy-alarm.ts";
import { LinkTable } from "./link-table.ts";
import { instanceNamed, masterNamed, mastersNamed, type OrderOutcome } from "./orders.ts";
import type { EngineWorld } from "./output.ts";
import { Peers } from "./peers.ts";
import { Performer } from "./performer.ts";
import { Ports } from "./ports.ts";
import { reportInstances } from "./report-instances.ts";
import { RivalryWatch } from "./rivalry-watch.ts";
import type { RunningInstance } from "./running-instance.ts";
import { SleepWatch } from "./sleep-watch.ts";
import { StandingFacts } from "./standing-facts.ts";

/** How often wish and kernel are compared when nothing announces a difference. */
const RECONCILE_GAP_MS = 1000;
/** Due clock events of one instance in one turn; more wait for the next turn. */
const CLOCK_EVENTS_PER_TURN = 8;
/** From here on it counts what a turn costs. */
const MANY_INSTANCES = 50;

export class VrrpEngine {
  readonly #world: EngineWorld;
  readonly #alarm: Alarm;
  readonly #links: LinkTable;
  readonly #ports: Ports;
  readonly #keeper: StandingFacts;
  readonly #announcer: Announcer;
  readonly #groups = new Groups();
  readonly #conditions: Conditions;
  readonly #judge: Judge;
  readonly #alarms: Alarms;
  readonly #peers: Peers;
  readonly #rivalry: RivalryWatch;
  readonly #performer: Performer;
  readonly #sleep: SleepWatch;
  readonly #deadlines = new Deadlines<RunningInstance>();
  #instances: RunningInstance[] = [];
  /** True while instances that are not configured any more still hold something. */
  #someRetire = false;
  #reconcileAtMs: number | undefined;
  #linksStale = false;
  #stopping = false;
  #stopped = false;

  constructor(world: EngineWorld) {
    this.#world = world;
    this.#sleep = new SleepWatch(world.clock);
    this.#links = new LinkTable(world.kernel);
    this.#ports = new Ports(world, this.#links, (name) => this.#onReadable(name));
    this.#keeper = new StandingFacts(world, this.#links, () => this.#compareSoon());
    this.#announcer = new Announcer(world, this.#links);
    this.#conditions = new Conditions({
      world,
      links: this.#links,
      ports: this.#ports,
      keeper: this.#keeper,
      arrangePorts: () => this.#arrangePorts(),
    });
    this.#judge = new Judge({
      links: this.#links,
      groups: this.#groups,
      sourceOf: ({ config }) => this.#conditions.sourceOf(config),
    });
    this.#alarms = new Alarms(world);
    this.#peers = new Peers({
      world,
      links: this.#links,
      ports: this.#ports,
      alarms: this.#alarms,
      step: (instance, event) => this.#step(instance, event),
      onReadable: () => this.#onPeers(),
    });
    this.#rivalry = new RivalryWatch(world, this.#alarms);
    this.#performer = new Performer({
      world,
      links: this.#links,
      ports: this.#ports,
      keeper: this.#keeper,
      announcer: this.#announcer,
      groups: this.#groups,
      peers: this.#peers,
      stepNamed: (name, event) => this.#stepNamed(name, event),
    });
    this.#alarm = openLazyAlarm(world, () => this.#onAlarm());
    world.kernel.watch((change) => this.#onKernelChange(change));
    this.#links.readLinks();
    this.#links.readAddresses();
  }

  /**
   * Takes a whole wish and changes only the difference to what runs. Returns one line for each
   * change; none when nothing differs.
   */
  configure(whole: VrrpWish): readonly string[] {
    if (this.#stopping) return [];
    const { instances: wish, syncGroups, process } = whole;
    this.#announcer.pace(process);
    this.#ports.adopt(process);
    this.#judge.configure(process, this.#world.clock.nowMs());
    const claimedBefore = this.#instances.flatMap((one) => one.claims);
    const wallMs = this.#world.clock.wallMs();
    const { next, changed, removed, ...adoption } = adoptWish(wish, this.#instances, wallMs);
    const standing = this.#keeper.configure(whole) ? ["static objects changed"] : [];
    const changes = [...standing, ...adoption.changes];
    if (changes.length > 0) this.#adopt(next, claimedBefore);
    this.#groups.adopt(syncGroups, this.#instances, wallMs);
    for (const { instance, event } of changed) this.#step(instance, event);
    for (const instance of removed) this.#step(instance, { kind: "stop", offers: false });
    this.#judgeAll();
    this.#endTurn();
    return changes;
  }

  /** Takes the result of a tracker. No result yet does not revoke an earlier one. */
  track(tracker: TrackerKind, name: string, result: TrackerResult): void {
    if (!this.#judge.track(tracker, name, result)) return;
    this.#judgeAll();
    this.#endTurn();
  }

  /** Gives up the addresses of an instance politely. */
  failover(name: string): OrderOutcome {
    const ordered = mastersNamed(name, this.#instances, this.#groups);
    if (!ordered.ok) return ordered;
    for (const instance of ordered.instances)
      this.#step(instance, { kind: "failover", offers: this.#peers.possible });
    this.#endTurn();
    return { ok: true, text: `${ordered.names}: giving up the addresses` };
  }

  /** Announces the addresses of an instance once, if it is MASTER. */
  announce(name: string): OrderOutcome {
    const ordered = masterNamed(name, this.#instances);
    if (!ordered.ok) return ordered;
    for (const instance of ordered.instances) this.#announcer.announce(instance, 1);
    this.#endTurn();
    return { ok: true, text: `${name}: announces its addresses` };
  }

  /** Stops every instance; `stopped` is told when the last has given back its addresses. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const instance of this.#instances)
      this.#step(instance, { kind: "stop", offers: this.#peers.possible });
    this.#endTurn();
  }

  report(): readonly VrrpInstanceStatus[] {
    return reportInstances(this.#instances, {
      links: this.#links,
      judge: this.#judge,
      groups: this.#groups,
      alarms: this.#alarms,
      ports: this.#ports,
    });
  }

  /** The sync groups and their common states. */
  reportGroups(): readonly SyncGroupStatus[] {
    return this.#groups.report();
  }

  /** Lets go of sockets and alarm. Addresses stay as they are. */
  close(): void {
    this.#keeper.letStay();
    this.#alarm.close();
    this.#ports.close();
    this.#peers.close();
    this.#world.kernel.close();
  }

  #adopt(next: RunningInstance[], claimedBefore: RunningInstance["claims"]): void {
    const retiring = this.#instances.filter((one) => one.retiring && one.state.role !== "STOPPED");
    this.#instances = [...next, ...retiring];
    this.#someRetire = retiring.length > 0;
    this.#deadlines.keep(this.#instances);
    this.#announcer.share(this.#instances.reduce((sum, { claims }) => sum + claims.length, 0));
    this.#keeper.adopt(this.#instances, claimedBefore);
    // Instances that start judge what is true at this moment.
    this.#links.readAddresses();
    this.#arrangePorts();
    this.#reconcileAtMs = this.#world.clock.nowMs();
  }

  #onReadable(portName: string): void {
    this.#noticeSleep();
    this.#ports.drainOne(portName, this.#take);
    this.#endTurn();
  }

  #onPeers(): void {
    this.#peers.drain();
    this.#endTurn();
  }

  #noticeSleep(): void {
    const sleptMs = this.#sleep.slept();
    if (sleptMs === undefined) return;
    for (const instance of this.#instances)
      this.#step(instance, { kind: "machine-resumed", sleptMs });
  }

  #onAlarm(): void {
    this.#noticeSleep();
    this.#ports.drain(this.#take);
    this.#peers.handover.decide(this.#world.clock.nowMs());
    // After a stall leases may have run out: nothing is announced that the kernel does not have.
    for (const instance of this.#keeper.renew()) this.#announcer.announceAgain(instance);
    for (const instance of this.#deadlines.takeDue(this.#world.clock.nowMs())) {
      for (let i = 0; i < CLOCK_EVENTS_PER_TURN; i++) {
        const wakeAtMs = vrrpWakeAtMs(instance.state);
        if (wakeAtMs === undefined || wakeAtMs > this.#world.clock.nowMs()) break;
        this.#reachClock(instance);
      }
      this.#wakeLater(instance);
    }
    for (const { member, event } of this.#groups.afterWaiting(this.#world.clock.nowMs()))
      this.#stepNamed(member, event);
    this.#announcer.send();
    const nowMs = this.#world.clock.nowMs();
    if (this.#judge.takeDue(nowMs)) this.#judgeAll();
    if (this.#reconcileAtMs !== undefined && nowMs >= this.#reconcileAtMs) this.#reconcile();
    this.#endTurn();
  }

  #onKernelChange(change: KernelChange): void {
    if (change.kind === "overrun") this.#linksStale = true;
    // Nothing new: we renew our own all the time.
    if (change.kind === "address-added" && this.#links.has(addressKey(change.fact))) return;
    if (this.#links.take(change)) {
      this.#keeper.linksChanged();
      this.#arrangePorts();
      this.#judgeAll();
    }
    // Notifications come in bursts: the whole truth is read once, after the last of them.
    if (this.#hasWork()) this.#reconcileAtMs = this.#world.clock.nowMs();
    this.#endTurn();
  }

  /** Reads what the kernel has, compares it with what it should have, and mends the difference. */
  #reconcile(): void {
    if (this.#linksStale && this.#links.readLinks()) this.#linksStale = false;
    const outcome = this.#links.readAddresses();
    if (outcome !== "failed") {
      if (outcome === "changed") this.#arrangePorts();
      this.#judgeAll();
      for (const instance of this.#keeper.reconcile(this.#instances))
        this.#announcer.announceAgain(instance);
    }
    for (const instance of this.#instances) this.#rivalry.look(instance, this.#world.clock.nowMs());
    const wanted = this.#hasWork();
    this.#reconcileAtMs = wanted ? this.#world.clock.nowMs() + RECONCILE_GAP_MS : undefined;
  }

  #hasWork(): boolean {
    return this.#instances.length > 0 || this.#keeper.hasStatics;
  }

  /** Something beside addresses and links has changed. */
  #compareSoon(): void {
    this.#reconcileAtMs = this.#world.clock.nowMs();
    this.#endTurn();
  }

  #judgeAll(): void {
    for (const instance of this.#instances) {
      if (instance.retiring || this.#stopping) continue;
      const condition = this.#conditions.of(instance, this.#judge);
      if (!sameCondition(instance.condition, condition)) this.#enter(instance, condition);
    }
  }

  #enter(instance: RunningInstance, condition: Condition): void {
    this.#conditions.tellPriority(instance, condition);
    instance.condition = condition;
    if (condition.kind === "ready") {
      instance.source = condition.source;
      // The moment of taking over should not be the first to encode anything.
      instance.prepareAdverts(condition.priority, condition.source, this.#world.clock.wallMs());
      this.#announcer.prepare(instance);
    } else if (instance.state.role === "INIT" || instance.state.role === "FAULT") {
      instance.cause = condition.cause;
    }
    const kind = instance.state === NOT_STARTED ? "started" : "condition-changed";
    const resumes = this.#conditions.resumptionOf(instance);
    this.#step(instance, { kind, condition, ...(resumes === undefined ? {} : { resumes }) });
  }

  #arrangePorts(): void {
    this.#ports.arrange(this.#instances, this.#keeper.virtual);
    this.#peers.arrange(this.#instances);
  }

  readonly #take = (instance: RunningInstance, advert: AcceptedAdvert, atMs: number): void => {
    instance.tally.advertsReceived++;
    if (advert.priority === 0) instance.tally.priorityZeroReceived++;
    const { priority, source, intervalMs } = advert;
    const heard = { priority, source, intervalMs, atMs };
    instance.heard = heard;
    this.#peers.query.advertHeard(instance);
    this.#rivalry.hear(instance, heard);
    this.#step(instance, { kind: "advert-received", advert: heard });
  };

  #step(instance: RunningInstance, event: VrrpEvent): void {
    const nowMs = this.#world.clock.nowMs();
    const before = instance.state;
    const { state, deeds } = stepVrrp(instance.config, before, event, nowMs);
    instance.state = state;
    if (state !== before) this.#wakeLater(instance);
    for (const deed of deeds) this.#performer.perform(instance, deed);
    if (instance.config.options?.syncGroup === undefined || state === before) return;
    for (const { member, event: next } of this.#groups.afterStep(instance, before, nowMs))
      this.#stepNamed(member, next);
    this.#groups.changed(instance);
  }

  #reachClock(instance: RunningInstance): void {
    const before = instance.state;
    this.#step(instance, CLOCK_REACHED);
    this.#announcer.accompany(instance, before);
  }

  /** Among many, a MASTER's advert may wait a hundredth of its interval; the rhythm stays. */
  #wakeLater(instance: RunningInstance): void {
    const { state, config } = instance;
    const patient = state.role === "MASTER" && this.#instances.length >= MANY_INSTANCES;
    this.#deadlines.set(instance, vrrpWakeAtMs(state), patient ? config.advertIntervalCs / 10 : 0);
  }

  #stepNamed(name: string, event: VrrpEvent): void {
    const instance = instanceNamed(name, this.#instances);
    if (instance !== undefined) this.#step(instance, event);
  }

  /** After every input: forget what has retired, tell the end, set the alarm. */
  #endTurn(): void {
    for (const news of this.#groups.news(this.#world.clock.wallMs())) this.#world.tell(news);
    if (this.#someRetire && this.#instances.some(hasRetired)) {
      this.#instances = this.#instances.filter((one) => !hasRetired(one));
      this.#someRetire = this.#instances.some(({ retiring }) => retiring);
      this.#deadlines.keep(this.#instances);
      this.#keeper.adopt(this.#instances, []);
      this.#arrangePorts();
    }
    if (this.#stopping && !this.#stopped && this.#instances.every(isStopped)) {
      this.#stopped = true;
      this.#keeper.clear();
      this.#world.tell({ kind: "stopped" });
    }
    this.#alarm.set(this.#nextWakeAtMs());
  }

  #nextWakeAtMs(): number | undefined {
    if (this.#stopped) return undefined;
    return earliest([
      this.#reconcileAtMs,
      this.#announcer.wakeAtMs(),
      this.#keeper.wakeAtMs(),
      this.#peers.handover.wakeAtMs(),
      this.#groups.wakeAtMs(),
      this.#judge.wakeAtMs(this.#world.clock.nowMs()),
      this.#deadlines.earliestMs(),
    ]);
  }
}

const isStopped = ({ state }: RunningInstance): boolean => state.role === "STOPPED";
const hasRetired = (one: RunningInstance): boolean => one.retiring && isStopped(one);

const CLOCK_REACHED: VrrpEvent = { kind: "clock-reached" };
