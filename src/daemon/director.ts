// A director: the parts of one running configuration, and how they are started, changed and ended.
// Every change of the wish goes the same way: the model and the health say what is wanted, the data
// plane and the VRRP process are told, and each changes only what differs.

import { keelsonVersion } from "../api/version.ts";
import { fail, ok, type Result } from "../base/result.ts";
import { type HealthChange, HealthSupervisor } from "../health/engine/health-supervisor.ts";
import { namesOf } from "../linux/by-hand.ts";
import type { BalancerTable, Service } from "../model/balancer-table.ts";
import type { HealthView } from "../model/health.ts";
import type { Model } from "../model/model.ts";
import { checkedServers } from "../model/server-group.ts";
import type { DirectorStatus, VrrpInstanceStatus } from "../model/status.ts";
import type { TrackerKind, TrackerResult } from "../model/vrrp-wish.ts";
import { desiredTable } from "../plan/desired-table.ts";
import { vrrpPrecedence } from "../plan/reload-settings.ts";
import type { LogLevel } from "../world/log.ts";
import { adoptHealth } from "./adopted-health.ts";
import { type JudgedConfiguration, sameModel } from "./configuration.ts";
import { DataPlane } from "./data-plane.ts";
import { Departures } from "./departures.ts";
import { describeAdoption, describeHealthChange, describeNews, plural } from "./describe-news.ts";
import type { DirectorWorld, ReloadOutcome } from "./director-contract.ts";
import { virtualServerStatuses } from "./director-status.ts";
import { DrainBook } from "./drain-book.ts";
import { ImpossibleChecks } from "./impossible-checks.ts";
import { InstanceStates } from "./instance-states.ts";
import { hasKeyFiles } from "./key-files.ts";
import { localWish } from "./local-wish.ts";
import { Notifications } from "./notifications.ts";
import type { PlaneSubject } from "./plane-requests.ts";
import { ReloadTurns } from "./reload-turns.ts";
import { RepairBook } from "./repair-book.ts";
import type { EngineNews } from "./vrrp-channel.ts";
import { VrrpLink } from "./vrrp-link.ts";
import { adaptPrecedence } from "./vrrp-precedence.ts";
import type { VrrpProcessSettings } from "./vrrp-process.ts";
import { Watching } from "./watching.ts";

/** Hand-over waits for the peer: at most about an advert interval, which is 40 s at its longest. */
const stopTimeoutMs = 60_000;

export class Director {
  readonly #world: DirectorWorld;
  readonly #plane: DataPlane;
  readonly #health: HealthSupervisor;
  readonly #link: VrrpLink;
  readonly #watching: Watching;
  readonly #notifications: Notifications;
  readonly #startedAtMs: number;
  readonly #repairs: RepairBook;
  readonly #impossible: ImpossibleChecks;
  #configuration: JudgedConfiguration;
  #adopted: { readonly model: Model; readonly table: BalancerTable } | undefined;
  #lastReload: DirectorStatus["lastReload"];
  readonly #departures: Departures;
  /** What is being taken out, and how far. */
  readonly drains: DrainBook;
  readonly #states = new InstanceStates();
  readonly #turns: ReloadTurns;
  #instances: readonly VrrpInstanceStatus[] = [];

  private constructor(world: DirectorWorld, configuration: JudgedConfiguration) {
    this.#world = world;
    this.#configuration = configuration;
    this.#startedAtMs = world.clock.wallMs();
    this.#turns = new ReloadTurns(() => world.onNews());
    this.#repairs = new RepairBook(world.log);
    this.#impossible = new ImpossibleChecks(world.clock, world.log);
    this.#departures = new Departures({
      holdsAddress: world.holdsAddress,
      isEnding: () => this.#turns.ending,
      onChange: () => this.#plane.request(),
    });
    this.drains = new DrainBook(world, () => this.#plane.request());
    this.#plane = new DataPlane({
      openers: world.engines,
      clock: world.clock,
      log: world.log,
      desired: () => ({ services: world.byHand.joinedTo(this.#ownServices()) }),
      counting: this.drains,
      syncDaemons: () => this.#states.syncDaemons(this.#model),
      onRepair: (record) => this.#repairs.add(record),
    });
    this.#health = new HealthSupervisor(world.health, {
      onChange: (change) => this.#healthChanged(change),
      onProbeImpossible: (check, reason) => this.#impossible.add(check, reason),
    });
    this.#link = new VrrpLink({
      log: world.log,
      processSettings: () => this.#vrrpProcessSettings(),
      ...world.vrrp,
      onNews: (news, mark) => {
        const fresh = this.#notifications.hear(news, mark);
        if (fresh) this.#spread(news);
        return fresh;
      },
      onTransition: () => world.onNews(),
      onBfdResult: (name, result) => this.#watching.takeBfdResult(name, result),
      onRepair: ({ atMs, found, done, ok: worked }) =>
        this.#repairs.add({ atMs, found, done, ok: worked }),
    });
    this.#watching = new Watching(world, this.#link, (alarm) => this.#spread(alarm));
    this.#notifications = new Notifications(world.notifications);
  }

  /** Starts one, or takes over what an earlier one left. A fault is a sentence; nothing is changed then. */
  static async start(
    world: DirectorWorld,
    configuration: JudgedConfiguration,
  ): Promise<Result<Director, string>> {
    const director = new Director(world, configuration);
    const fault = await director.#begin();
    return fault === undefined ? ok(director) : fail(fault);
  }

  /** Reads the configuration again, and takes it when it is good. */
  reload(): Promise<ReloadOutcome> {
    return this.#turns.join(() => this.#reloadNow());
  }

  /** Takes a configuration that was read and judged already, after what is under way. */
  take(configuration: JudgedConfiguration): Promise<ReloadOutcome> {
    return this.#turns.queue(() => this.#take(configuration));
  }

  /** The configuration that runs. */
  get running(): JudgedConfiguration {
    return this.#configuration;
  }

  get #model(): Model {
    return this.#configuration.model;
  }

  /** What `keelson ipvsadm` sees and changes. */
  get planeSubject(): PlaneSubject {
    return {
      plane: this.#plane,
      byHand: this.#world.byHand,
      owned: () => namesOf(this.#ownServices()),
      tell: (text) => this.#tell("notice", "by-hand", text),
    };
  }

  #ownServices(): readonly Service[] {
    const { services } = this.drains.overlay(desiredTable(this.#model, this.#healthView()));
    return [...services, ...this.#departures.services];
  }

  /** Gives up the addresses of a VRRP instance or sync group politely. */
  async failover(name: string): Promise<ReloadOutcome> {
    const outcome = await this.#link.failover(name);
    this.#tell(outcome.ok ? "notice" : "warning", "failover", outcome.text);
    return outcome;
  }

  /** Announces the addresses of an instance that is MASTER. */
  announce(name: string): Promise<ReloadOutcome> {
    return this.#link.announce(name);
  }

  /** The last result of a tracker that this process watches. */
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined {
    return this.#link.tracker(kind, name);
  }

  /** The part of a stop that others wait for: the addresses go to the peer. `stop` does the rest. */
  handOver(): void {
    this.#turns.ending = true;
    this.#link.handOver();
  }

  /**
   * Hands over, then empties the data plane: it forwards as long as the addresses are here. `keepForwarding` leaves the
   * data plane as it is.
   */
  async stop(keepForwarding = false): Promise<void> {
    await this.#turns.end();
    this.#watching.stop();
    const handedOver = await this.#link.stop(stopTimeoutMs);
    if (!handedOver)
      this.#tell(
        "error",
        "vrrp-process",
        "the VRRP process did not end and was killed; its addresses remain",
      );
    this.#health.stop();
    if (!keepForwarding) this.#world.byHand.clear();
    const forwarding = keepForwarding ? this.#plane.release() : this.#plane.dismantle();
    await Promise.all([this.#notifications.stop(), forwarding]);
    await this.#notifications.shutDown();
  }

  /** Ends this process's work only: addresses and forwarding stay, and wait for the next start. */
  async release(): Promise<void> {
    await this.#turns.end();
    this.#watching.stop();
    this.#health.stop();
    this.#link.release();
    this.#notifications.release();
    await this.#plane.release();
  }

  /** The instances at this moment, or as they were told last where the VRRP process does not answer. */
  async vrrpStatuses(): Promise<readonly VrrpInstanceStatus[]> {
    const report = await this.#link.report();
    if (report !== undefined) this.#instances = report.instances;
    return this.#configuredInstances();
  }

  /** The scripts that run again and again. */
  scripts(): ReturnType<Watching["scripts"]> {
    return this.#watching.scripts();
  }

  async status(): Promise<DirectorStatus> {
    const [report, statistics] = await Promise.all([this.#link.report(), this.#plane.statistics()]);
    if (report !== undefined) this.#instances = report.instances;
    const { routerId } = this.#model.global;
    return {
      version: keelsonVersion,
      pid: this.#world.pid,
      ...(this.#link.pid === undefined ? {} : { vrrpPid: this.#link.pid }),
      startedAtMs: this.#startedAtMs,
      configFile: this.#world.configFile,
      ...(routerId === undefined ? {} : { routerId }),
      engine: await this.#plane.describeWhole(),
      ...(this.#lastReload === undefined ? {} : { lastReload: this.#lastReload }),
      vrrpInstances: this.#configuredInstances(),
      syncGroups: report?.syncGroups ?? [],
      bfdSessions: report?.bfdSessions ?? [],
      virtualServers: virtualServerStatuses({
        model: this.#model,
        health: this.#healthView(),
        plane: this.#plane,
        statistics,
        drains: this.drains,
        startedAtMs: this.#startedAtMs,
      }),
      repairs: this.#repairs.records,
      notifications: this.#notifications.status,
      operations: {
        dataPlane: this.#plane.operationsApplied,
        netlink: report?.netlinkOperations ?? 0,
      },
    };
  }

  #configuredInstances(): readonly VrrpInstanceStatus[] {
    const configured = new Set(this.#model.vrrpInstances.map((instance) => instance.name));
    const instances = this.#instances.filter((instance) => configured.has(instance.name));
    return instances.map((instance) => this.#watching.addTo(instance));
  }

  async #begin(): Promise<string | undefined> {
    const model = this.#model;
    await this.#notifications.start(model);
    if (checkedServers(model).length > 0 || this.#world.engines.left().length > 0) {
      const opened = await this.#plane.configure(model.global);
      if (!opened.ok) return `no data plane: ${opened.fault.text}`;
      this.#adopted = { model, table: opened.value };
      for (const text of describeAdoption(opened.value)) this.#tell("notice", "adopted", text);
    }
    this.#health.configure(model);
    this.#watching.prepare(model, this.#notifications.continues);
    await this.#plane.settle();
    await this.#closeIdlePlane();
    this.#plane.start();
    const changes = await this.#link.configure(localWish(model, this.#world.log));
    if (this.#link.pid !== undefined) {
      const adopted = this.#link.origin === "adopted";
      if (adopted) this.#watching.assumeMasters((await this.#link.report())?.instances ?? []);
      const how = adopted ? "was running and goes on" : "started";
      this.#tell("notice", "vrrp-process", `VRRP process ${this.#link.pid} ${how}`);
    }
    for (const change of changes ?? []) this.#tell("info", "vrrp-change", change);
    await this.#learnStates();
    this.#watching.begin(model);
    return undefined;
  }

  async #reloadNow(): Promise<ReloadOutcome> {
    const loaded = this.#world.load();
    if (!loaded.ok) {
      for (const { level, text } of loaded.fault.remarks) this.#tell(level, "configuration", text);
      return this.#reloaded(false, loaded.fault.summary);
    }
    return this.#take(loaded.value);
  }

  async #take(configuration: JudgedConfiguration): Promise<ReloadOutcome> {
    const { model, remarks } = configuration;
    if (sameModel(model, this.#model)) {
      this.#configuration = configuration;
      const keys = hasKeyFiles(model)
        ? await this.#link.configure(localWish(model, this.#world.log))
        : [];
      for (const change of keys ?? []) this.#tell("info", "vrrp-change", change);
      this.#notifications.reloaded();
      if (keys !== undefined && keys.length > 0)
        return this.#reloaded(true, "keys of auth_hmac have changed");
      return this.#reloaded(true, "nothing changed");
    }
    for (const { level, text } of remarks) this.#tell(level, "configuration", text);
    if (checkedServers(model).length > 0 || this.#plane.isOpen) {
      const opened = await this.#plane.configure(model.global);
      if (!opened.ok) return this.#reloaded(false, `no data plane: ${opened.fault.text}`);
    }
    const before = this.#plane.operationsApplied;
    const settingsBefore = this.#vrrpProcessSettings();
    this.#departures.begin(this.#plane.table, this.#model, model);
    this.drains.reload(this.#plane.table, this.#model, model);
    this.#configuration = configuration;
    this.#notifications.configure(model);
    this.#health.configure(model);
    this.#watching.prepare(model, false);
    await this.#plane.settle();
    this.#plane.start();
    const changes = (await this.#link.configure(localWish(model, this.#world.log))) ?? [];
    for (const change of changes) this.#tell("info", "vrrp-change", change);
    await this.#learnStates();
    this.#notifications.reloaded();
    const { pid } = this.#link;
    for (const text of adaptPrecedence(
      this.#world,
      pid,
      settingsBefore,
      this.#vrrpProcessSettings(),
    ))
      this.#tell("notice", "vrrp-process", text);
    if (await this.#departures.end()) await this.#plane.settle();
    await this.#closeIdlePlane();
    this.#watching.begin(model);
    const operations = this.#plane.operationsApplied - before;
    return this.#reloaded(
      true,
      `${plural(changes.length, "VRRP change")}, ${plural(operations, "data plane operation")}`,
    );
  }

  #reloaded(worked: boolean, text: string): ReloadOutcome {
    this.#lastReload = { atMs: this.#world.clock.wallMs(), ok: worked, text };
    const outcome = worked ? "reload" : "reload refused, the configuration before it goes on";
    this.#tell(worked ? "notice" : "error", "reload", `${outcome}: ${text}`);
    if (worked) this.#world.onEvent?.({ kind: "reloaded" });
    return { ok: worked, text };
  }

  /** Connections are copied as the instances stand. */
  async #learnStates(): Promise<void> {
    const report = await this.#link.report();
    this.#states.take(report?.instances ?? []);
    await this.#plane.settle();
  }

  /** Without virtual servers nothing needs to look at packets. */
  async #closeIdlePlane(): Promise<void> {
    const kept = [...checkedServers(this.#model), ...this.#world.byHand.services];
    if (kept.length === 0) await this.#plane.dismantle();
  }

  #healthView(): HealthView {
    const view = this.#health.view();
    if (this.#adopted === undefined) return view;
    return adoptHealth(checkedServers(this.#adopted.model), view, this.#adopted.table);
  }

  #vrrpProcessSettings(): VrrpProcessSettings {
    return {
      ...this.#world.vrrp,
      socketPath: this.#world.vrrpSocket,
      logPath: this.#world.vrrpLog,
      ...vrrpPrecedence(this.#model.global),
    };
  }

  #healthChanged(change: HealthChange): void {
    this.#world.log.write(describeHealthChange(change));
    this.#notifications.healthChanged(change);
    this.#world.onEvent?.({ kind: "health", change });
    this.#plane.request();
    this.#world.onNews();
  }

  /** What happened, for everybody who listens. */
  #spread(news: EngineNews): void {
    this.#watching.hear(news);
    if (this.#states.hear(news)) this.#plane.request();
    this.#world.onEvent?.({ kind: "news", news });
    const line = describeNews(news);
    if (line !== undefined) this.#world.log.write(line);
  }

  #tell(level: LogLevel, kind: string, text: string): void {
    this.#world.log.write({ level, kind, text });
  }
}
