// Runs instances on a world: every input goes through the machine, every deed is done before the
// next input is looked at. A clock event is believed only after the sockets have been emptied,
// because a late reader is not a dead peer.

import type { IpAddress } from "../../base/address.ts";
import type { Cause, SyncGroupStatus, VrrpInstanceStatus } from "../../model/status.ts";
import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import type { TrackerKind, TrackerResult, VrrpWish } from "../../model/vrrp-wish.ts";
import { describeInstanceOperation } from "../../plan/describe-instance.ts";
import { diffInstances, instanceIdentity } from "../../plan/diff-instances.ts";
import { PEER_PORT_DEFAULT } from "../../wire/peer-message.ts";
import type { KernelChange, KernelFault } from "../../world/kernel.ts";
import type { Alarm } from "../../world/vrrp-network.ts";
import { addressKey } from "../address-plan.ts";
import { type Condition, sameCondition } from "../condition.ts";
import {
  NOT_STARTED,
  type VrrpDeed,
  type VrrpEvent,
  vrrpStateName,
  vrrpWakeAtMs,
} from "../state.ts";
import { stepVrrp } from "../step.ts";
import type { AcceptedAdvert } from "../validate-advert.ts";
import { Alarms } from "./alarms.ts";
import { Announcer } from "./announcer.ts";
import { Groups } from "./groups.ts";
import { Handover } from "./handover.ts";
import { joinFamilies } from "./join-families.ts";
import { Judge } from "./judge.ts";
import { LinkTable } from "./link-table.ts";
import { MasterQuery } from "./master-query.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import { PeerDialogue } from "./peer-dialogue.ts";
import { PeerPorts } from "./peer-ports.ts";
import { Ports } from "./ports.ts";
import { reportInstance } from "./report.ts";
import { resumptionOf } from "./resumption.ts";
import { RivalryWatch } from "./rivalry-watch.ts";
import { RunningInstance } from "./running-instance.ts";
import { sourceAddressOf } from "./source-address.ts";
import { StandingFacts } from "./standing-facts.ts";

/** How often wish and kernel are compared when nothing announces a difference. */
const RECONCILE_GAP_MS = 1000;
const COMPLAINT_GAP_MS = 10_000;
/** A MASTER tells this often at most that it hears a lower one. */
const LOWER_PRIORITY_GAP_MS = 1000;
/** A sleep that is shorter may be the difference of two readings. */
const ASLEEP_MIN_MS = 50;
/** Due clock events of one instance in one turn; more wait for the next turn. */
const CLOCK_EVENTS_PER_TURN = 8;

export class VrrpEngine {
  readonly #world: EngineWorld;
  readonly #alarm: Alarm;
  readonly #links: LinkTable;
  readonly #ports: Ports;
  readonly #keeper: StandingFacts;
  readonly #announcer: Announcer;
  readonly #groups = new Groups();
  readonly #judge: Judge;
  readonly #peerPorts: PeerPorts;
  readonly #dialogue: PeerDialogue;
  readonly #handover: Handover;
  readonly #alarms: Alarms;
  readonly #query: MasterQuery;
  readonly #rivalry: RivalryWatch;
  readonly #complaints = new LogLimiter(COMPLAINT_GAP_MS);
  readonly #lowerHeard = new LogLimiter(LOWER_PRIORITY_GAP_MS);
  #instances: RunningInstance[] = [];
  #reconcileAtMs: number | undefined;
  #linksStale = false;
  #asleepMs: number;
  #begun = false;
  #stopping = false;
  #stopped = false;

  constructor(world: EngineWorld) {
    this.#world = world;
    this.#asleepMs = world.clock.asleepMs?.() ?? 0;
    this.#links = new LinkTable(world.kernel);
    this.#ports = new Ports(world, this.#links, (name) => this.#onReadable(name));
    this.#keeper = new StandingFacts(world, this.#links, () => this.#compareSoon());
    this.#announcer = new Announcer(world, this.#links);
    this.#judge = new Judge({
      links: this.#links,
      groups: this.#groups,
      sourceOf: ({ config }) => this.#sourceOf(config),
    });
    this.#peerPorts = new PeerPorts(world, this.#links, PEER_PORT_DEFAULT, () => this.#onPeers());
    this.#dialogue = new PeerDialogue({
      world,
      ports: this.#ports,
      peerPorts: this.#peerPorts,
      port: PEER_PORT_DEFAULT,
    });
    const step = (instance: RunningInstance, event: VrrpEvent): void => this.#step(instance, event);
    this.#handover = new Handover(this.#dialogue, step);
    this.#alarms = new Alarms(world);
    this.#query = new MasterQuery(this.#dialogue, this.#alarms, step);
    this.#rivalry = new RivalryWatch(this.#alarms);
    this.#alarm = world.openAlarm(() => this.#onAlarm());
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
    this.#judge.configure(process);
    if (!this.#begun) this.#judge.beginDelays(process, this.#world.clock.nowMs());
    this.#begun = true;
    const running = new Map(
      this.#instances
        .filter((one) => !one.retiring)
        .map((one) => [instanceIdentity(one.config), one]),
    );
    const claimedBefore = this.#instances.flatMap((one) => one.claims);
    const next = wish.map(
      (config) =>
        running.get(instanceIdentity(config)) ??
        new RunningInstance(config, this.#world.clock.wallMs()),
    );
    const changes: string[] = this.#keeper.configure(whole) ? ["static objects changed"] : [];
    const changed: { instance: RunningInstance; event: VrrpEvent }[] = [];
    const removed: RunningInstance[] = [];
    for (const operation of diffInstances(
      wish,
      [...running.values()].map((one) => one.config),
    )) {
      changes.push(...describeInstanceOperation(operation));
      if (operation.kind === "add-instance") continue;
      const known = running.get(instanceIdentity(operation.before));
      if (known === undefined) continue;
      if (operation.kind === "remove-instance") {
        known.retiring = true;
        removed.push(known);
        continue;
      }
      const { settings } = operation;
      known.reconfigure(operation.instance);
      const addressesChanged =
        settings.includes("virtualAddresses") || settings.includes("excludedAddresses");
      changed.push({ instance: known, event: { kind: "config-changed", addressesChanged } });
    }
    if (changes.length > 0) this.#adopt(next, claimedBefore);
    this.#groups.adopt(syncGroups, this.#instances, this.#world.clock.wallMs());
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
  failover(name: string): { readonly ok: boolean; readonly text: string } {
    const group = this.#groups.named(name);
    const single = this.#instances.find((one) => one.config.name === name && !one.retiring);
    const instances = group?.members ?? (single && (this.#groups.of(single)?.members ?? [single]));
    if (instances === undefined)
      return { ok: false, text: `there is no instance or group ${name}` };
    const masters = instances.filter((instance) => instance.state.role === "MASTER");
    if (masters.length === 0)
      return {
        ok: false,
        text: `${name} is ${vrrpStateName(instances[0]?.state ?? NOT_STARTED)}, not MASTER`,
      };
    for (const instance of masters)
      this.#step(instance, { kind: "failover", offers: this.#dialogue.possible });
    this.#endTurn();
    return {
      ok: true,
      text: `${masters.map((one) => one.config.name).join(", ")}: giving up the addresses`,
    };
  }

  /** Announces the addresses of an instance once, if it is MASTER. */
  announce(name: string): { readonly ok: boolean; readonly text: string } {
    const instance = this.#instances.find((one) => one.config.name === name && !one.retiring);
    if (instance === undefined) return { ok: false, text: `there is no instance ${name}` };
    if (instance.state.role !== "MASTER")
      return { ok: false, text: `${name} is ${vrrpStateName(instance.state)}, not MASTER` };
    this.#announcer.announce(instance, 1);
    this.#endTurn();
    return { ok: true, text: `${name}: announces its addresses` };
  }

  /** Stops every instance; `stopped` is told when the last has given back its addresses. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const instance of this.#instances)
      this.#step(instance, { kind: "stop", offers: this.#dialogue.possible });
    this.#endTurn();
  }

  report(): readonly VrrpInstanceStatus[] {
    const sources = {
      links: this.#links,
      tracker: (kind: TrackerKind, name: string) => this.#judge.tracker(kind, name),
      groupTracking: (instance: RunningInstance) => this.#groups.of(instance)?.config.tracking,
      alarms: (instance: RunningInstance) => this.#alarms.of(instance),
      strays: (interfaceName: string) => this.#ports.strays(interfaceName),
    };
    const running = this.#instances.filter((instance) => !instance.retiring);
    return joinFamilies(running.map((instance) => reportInstance(instance, sources)));
  }

  /** The sync groups and their common states. */
  reportGroups(): readonly SyncGroupStatus[] {
    const written = this.#groups.all.filter(({ config }) => config.implied !== true);
    return written.map(({ config, state, members, sinceMs }) => ({
      name: config.name,
      state,
      members: members.flatMap(({ config }) =>
        config.options?.halfOf === undefined ? [config.name] : [],
      ),
      sinceMs,
    }));
  }

  /** Lets go of sockets and alarm. Addresses stay as they are. */
  close(): void {
    this.#alarm.close();
    this.#ports.close();
    this.#peerPorts.close();
    this.#world.kernel.close();
  }

  #adopt(next: RunningInstance[], claimedBefore: RunningInstance["claims"]): void {
    const retiring = this.#instances.filter((one) => one.retiring && one.state.role !== "STOPPED");
    this.#instances = [...next, ...retiring];
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
    this.#dialogue.drain((instance, heard) => {
      this.#handover.hear(instance, heard);
      this.#query.hear(instance, heard);
    });
    this.#endTurn();
  }

  /** Whoever slept knows nothing of the others: it starts to listen again. */
  #noticeSleep(): void {
    const asleepMs = this.#world.clock.asleepMs?.() ?? 0;
    const sleptMs = asleepMs - this.#asleepMs;
    this.#asleepMs = asleepMs;
    if (sleptMs < ASLEEP_MIN_MS) return;
    for (const instance of this.#instances)
      this.#step(instance, { kind: "machine-resumed", sleptMs });
  }

  #onAlarm(): void {
    this.#noticeSleep();
    this.#ports.drain(this.#take);
    this.#handover.decide(this.#world.clock.nowMs());
    // After a stall leases may have run out: nothing is announced that the kernel does not have.
    for (const instance of this.#keeper.renew()) this.#announceAgain(instance);
    for (const instance of this.#instances) {
      for (let i = 0; i < CLOCK_EVENTS_PER_TURN; i++) {
        const wakeAtMs = vrrpWakeAtMs(instance.state);
        if (wakeAtMs === undefined || wakeAtMs > this.#world.clock.nowMs()) break;
        this.#step(instance, CLOCK_REACHED);
      }
    }
    this.#announcer.send();
    const nowMs = this.#world.clock.nowMs();
    if (this.#judge.takeDue(nowMs)) this.#judgeAll();
    if (this.#reconcileAtMs !== undefined && nowMs >= this.#reconcileAtMs) this.#reconcile();
    this.#endTurn();
  }

  #onKernelChange(change: KernelChange): void {
    switch (change.kind) {
      case "link":
        this.#links.setLink(change.link);
        break;
      case "link-gone":
        this.#links.removeLink(change.index);
        break;
      case "overrun":
        this.#linksStale = true;
        break;
      case "address-added":
        // Nothing new: we renew our own all the time.
        if (this.#links.has(addressKey(change.fact))) return;
        break;
      case "address-removed":
        break;
    }
    if (change.kind === "link" || change.kind === "link-gone") {
      this.#keeper.linksChanged();
      this.#arrangePorts();
      this.#judgeAll();
    }
    // Notifications come in bursts: the whole truth is read once, after the last of them.
    if (this.#instances.length > 0) this.#reconcileAtMs = this.#world.clock.nowMs();
    this.#endTurn();
  }

  /** Reads what the kernel has, compares it with what it should have, and mends the difference. */
  #reconcile(): void {
    if (this.#linksStale && this.#links.readLinks()) this.#linksStale = false;
    const outcome = this.#links.readAddresses();
    if (outcome !== "failed") {
      if (outcome === "changed") this.#arrangePorts();
      this.#judgeAll();
      for (const instance of this.#keeper.reconcile(this.#instances)) this.#announceAgain(instance);
    }
    for (const instance of this.#instances) this.#rivalry.look(instance, this.#world.clock.nowMs());
    const wanted = this.#instances.length > 0;
    this.#reconcileAtMs = wanted ? this.#world.clock.nowMs() + RECONCILE_GAP_MS : undefined;
  }

  /** Something beside addresses and links has changed. */
  #compareSoon(): void {
    this.#reconcileAtMs = this.#world.clock.nowMs();
    this.#endTurn();
  }

  #announceAgain(instance: RunningInstance): void {
    if (instance.state.role === "MASTER")
      this.#announcer.announce(instance, instance.config.garp.repeat);
  }

  #judgeAll(): void {
    for (const instance of this.#instances) {
      if (instance.retiring || this.#stopping) continue;
      const condition = this.#conditionOf(instance);
      if (!sameCondition(instance.condition, condition)) this.#enter(instance, condition);
    }
  }

  #enter(instance: RunningInstance, condition: Condition): void {
    this.#tellPriority(instance, condition);
    instance.condition = condition;
    if (condition.kind === "ready") {
      instance.source = condition.source;
      // The moment of taking over should not be the first to encode anything.
      const wallMs = this.#world.clock.wallMs();
      for (const destination of instance.destinations) {
        instance.advertPacket(condition.priority, instance.source, destination, wallMs);
        instance.advertPacket(0, instance.source, destination, wallMs);
      }
      this.#announcer.prepare(instance);
    } else if (instance.state.role === "INIT" || instance.state.role === "FAULT") {
      instance.cause = condition.cause;
    }
    const kind = instance.state === NOT_STARTED ? "started" : "condition-changed";
    const resumes = this.#resumptionOf(instance);
    this.#step(instance, { kind, condition, ...(resumes === undefined ? {} : { resumes }) });
  }

  #resumptionOf(instance: RunningInstance): Cause | undefined {
    if (instance.state.role !== "INIT") return undefined;
    const nowMs = this.#world.clock.nowMs();
    return resumptionOf(instance, this.#links, (claim) => this.#keeper.renewedAtMs(claim), nowMs);
  }

  #tellPriority({ condition, config }: RunningInstance, next: Condition): void {
    if (config.options?.halfOf !== undefined) return;
    const from = condition.kind === "ready" ? condition.priority : config.priority;
    if (next.kind !== "ready" || next.priority === from) return;
    const atMs = this.#world.clock.wallMs();
    const { name } = config;
    this.#world.tell({ kind: "priority-changed", instance: name, from, to: next.priority, atMs });
  }

  #conditionOf(instance: RunningInstance): Condition {
    const { config } = instance;
    const unusable = instance.unusable ?? this.#keeper.faultOf(instance);
    if (unusable !== undefined) return { kind: "fault", cause: unusable };
    const condition = this.#judge.judge(instance, this.#world.clock.nowMs());
    if (condition.kind !== "ready" || this.#ports.socketOf(instance) !== undefined)
      return condition;
    // The interface may have appeared between two looks.
    this.#arrangePorts();
    if (this.#ports.socketOf(instance) !== undefined) return condition;
    const text = `no VRRP socket could be opened on ${config.interface}`;
    return { kind: "fault", cause: { kind: "socket-failed", text } };
  }

  #sourceOf(config: VrrpInstance): IpAddress | undefined {
    const addresses = this.#links.addressesOf(config.interface, config.family);
    return sourceAddressOf(config, addresses, this.#keeper.virtual);
  }

  #arrangePorts(): void {
    this.#ports.arrange(this.#instances, this.#keeper.virtual);
    this.#peerPorts.arrange(this.#instances);
  }

  readonly #take = (instance: RunningInstance, advert: AcceptedAdvert, atMs: number): void => {
    instance.tally.advertsReceived++;
    if (advert.priority === 0) instance.tally.priorityZeroReceived++;
    const { priority, source, intervalMs } = advert;
    const heard = { priority, source, intervalMs, atMs };
    instance.heard = heard;
    this.#query.advertHeard(instance);
    this.#rivalry.hear(instance, heard);
    const { state } = instance;
    if (state.role === "MASTER" && priority > 0 && priority < state.ready.priority)
      this.#tellLowerPriority(instance, priority);
    this.#step(instance, { kind: "advert-received", advert: heard });
  };

  #step(instance: RunningInstance, event: VrrpEvent): void {
    const nowMs = this.#world.clock.nowMs();
    const before = instance.state;
    const { state, deeds } = stepVrrp(instance.config, before, event, nowMs);
    instance.state = state;
    for (const deed of deeds) this.#perform(instance, deed);
    if (instance.config.options?.syncGroup === undefined || state === before) return;
    for (const { member, event: next } of this.#groups.afterStep(instance, before))
      this.#stepNamed(member, next);
    const news = this.#groups.news(instance, this.#world.clock.wallMs());
    if (news !== undefined) this.#world.tell(news);
  }

  #tellLowerPriority({ config }: RunningInstance, priority: number): void {
    const { clock } = this.#world;
    if (!this.#lowerHeard.allows(config.name, clock.nowMs())) return;
    const atMs = clock.wallMs();
    this.#world.tell({ kind: "lower-priority-heard", instance: config.name, priority, atMs });
  }

  #stepNamed(name: string, event: VrrpEvent): void {
    const instance = this.#instances.find((one) => one.config.name === name && !one.retiring);
    if (instance !== undefined) this.#step(instance, event);
  }

  #perform(instance: RunningInstance, deed: VrrpDeed): void {
    switch (deed.kind) {
      case "send-advert":
        this.#sendAdvert(instance, deed.priority);
        return;
      case "settle-addresses":
        if (instance.state.role !== "MASTER") this.#announcer.cancel(instance);
        this.#keeper.settle(instance);
        return;
      case "announce":
        this.#announcer.announce(instance, deed.repeat);
        this.#announcer.send();
        return;
      case "record-transition": {
        const { from, to, cause } = deed;
        const atMs = this.#world.clock.wallMs();
        instance.sinceMs = atMs;
        instance.cause = cause;
        if (to === "MASTER") instance.tally.becameMaster++;
        const { condition, config } = instance;
        const priority = condition.kind === "ready" ? { priority: condition.priority } : {};
        const told = { kind: "transition", instance: config.name, from, to, cause, atMs } as const;
        // The other family of an instance moves with it: one instance, one record.
        if (config.options?.halfOf === undefined) this.#world.tell({ ...told, ...priority });
        return;
      }
      case "ask-group":
        for (const { member, event } of this.#groups.afterAsking(instance))
          this.#stepNamed(member, event);
        return;
      case "query-master":
        this.#query.ask(instance, deed.address);
        return;
      case "offer-handover":
        this.#handover.offer(instance);
        return;
      case "grant-handover":
        this.#handover.grant(instance, deed.to);
        return;
      case "finish":
        return;
    }
  }

  #sendAdvert(instance: RunningInstance, priority: number): void {
    const { source } = instance;
    const socket = this.#ports.socketOf(instance);
    if (source === undefined || socket === undefined) return;
    const wallMs = this.#world.clock.wallMs();
    let failed: KernelFault | undefined;
    for (const destination of instance.destinations) {
      const packet = instance.advertPacket(priority, source, destination, wallMs);
      const sent = socket.send(packet, destination);
      if (!sent.ok) failed = sent.fault;
    }
    if (failed === undefined) {
      instance.tally.advertsSent++;
      if (priority === 0) instance.tally.priorityZeroSent++;
      return;
    }
    const { name, interface: interfaceName } = instance.config;
    if (!this.#complaints.allows(name, this.#world.clock.nowMs())) return;
    const text = `${name}: could not send an advert on ${interfaceName}: ${failed.text}`;
    const fields = { instance: name, errno: failed.code };
    this.#world.tell({ kind: "log", event: { level: "error", kind: "send-failed", text, fields } });
  }

  /** After every input: forget what has retired, tell the end, set the alarm. */
  #endTurn(): void {
    if (this.#instances.some((one) => one.retiring && one.state.role === "STOPPED")) {
      this.#instances = this.#instances.filter(
        (one) => !(one.retiring && one.state.role === "STOPPED"),
      );
      this.#keeper.adopt(this.#instances, []);
      this.#arrangePorts();
    }
    if (this.#stopping && !this.#stopped && this.#allStopped()) {
      this.#stopped = true;
      this.#keeper.clear();
      this.#world.tell({ kind: "stopped" });
    }
    this.#alarm.set(this.#nextWakeAtMs());
  }

  #allStopped(): boolean {
    return this.#instances.every((instance) => instance.state.role === "STOPPED");
  }

  #nextWakeAtMs(): number | undefined {
    if (this.#stopped) return undefined;
    let atMs = this.#reconcileAtMs ?? Number.POSITIVE_INFINITY;
    atMs = Math.min(atMs, this.#announcer.wakeAtMs() ?? atMs);
    atMs = Math.min(atMs, this.#keeper.wakeAtMs() ?? atMs);
    atMs = Math.min(atMs, this.#handover.wakeAtMs() ?? atMs);
    const judgeAtMs = this.#judge.wakeAtMs(this.#world.clock.nowMs());
    if (judgeAtMs !== undefined) atMs = Math.min(atMs, judgeAtMs);
    for (const { state } of this.#instances) {
      const wakeAtMs = vrrpWakeAtMs(state);
      if (wakeAtMs !== undefined && wakeAtMs < atMs) atMs = wakeAtMs;
    }
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
  }
}

const CLOCK_REACHED: VrrpEvent = { kind: "clock-reached" };
