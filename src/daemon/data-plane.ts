// The data plane over the life of a director: opened when there is something to balance, opened
// anew when its settings change, emptied and dismantled at the end.

import { fail, ok, type Result } from "../base/result.ts";
import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { GlobalSettings } from "../model/model.ts";
import type { DirectorStatus, RepairRecord } from "../model/status.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import { dataPlaneSettings } from "../plan/reload-settings.ts";
import type { Clock } from "../world/clock.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import type { Log, LogLevel } from "../world/log.ts";
import { type ChosenEngine, chooseEngine, type EngineOpeners } from "./engine-choice.ts";
import { Reconciler } from "./reconciler.ts";
import { SettingsKeeper } from "./settings-keeper.ts";
import { SyncKeeper } from "./sync-keeper.ts";
import { TrafficWatch } from "./traffic-watch.ts";

const nothing: BalancerTable = { services: [] };

export interface DataPlaneOptions {
  readonly openers: EngineOpeners;
  readonly clock: Clock;
  readonly log: Log;
  /** The wish at this moment. */
  readonly desired: () => BalancerTable;
  /** The wished copying of connections; undefined: none is wished for, and none is stopped. */
  readonly syncDaemons: () => readonly SyncDaemonState[] | undefined;
  readonly onRepair: (record: RepairRecord) => void;
  /** Who wants to know how many connections there are: told every two seconds while it is active. */
  readonly counting?: {
    readonly isActive: boolean;
    /** True: the wish is another one now. */
    observe(statistics: readonly ServiceStatistics[]): boolean;
  };
}

interface OpenPlane extends ChosenEngine {
  /** What it was opened with. */
  readonly settings: string;
  readonly global: GlobalSettings;
  readonly reconciler: Reconciler;
  readonly keeper: SettingsKeeper;
  readonly sync: SyncKeeper;
  readonly traffic: TrafficWatch;
  /** True once nothing of another kind of engine forwards beside it. */
  alone: boolean;
}

/** At most one engine, with the loop that keeps its table. */
export class DataPlane {
  readonly #options: DataPlaneOptions;
  #open: OpenPlane | undefined;
  #emptying = false;
  #operationsBefore = 0;

  constructor(options: DataPlaneOptions) {
    this.#options = options;
  }

  /**
   * Opens an engine if none is open or its settings have changed. Gives the table that it holds,
   * as another process may have left it. When the new settings fail, the old ones are opened again.
   */
  async configure(settings: GlobalSettings): Promise<Result<BalancerTable, EngineFault>> {
    const wanted = JSON.stringify(dataPlaneSettings(settings));
    const old = this.#open;
    if (old?.settings === wanted) return this.#change(old, settings);
    if (old !== undefined) await this.#letGo(old);
    const chosen = await chooseEngine(settings, this.#options.openers);
    if (!chosen.ok) {
      if (old !== undefined) await this.configure(old.global);
      return chosen;
    }
    return ok(await this.#begin(chosen.value, wanted, settings));
  }

  /** Sets what is said of the whole balancer; what is refused leaves all as it was. */
  async #change(
    open: OpenPlane,
    settings: GlobalSettings,
  ): Promise<Result<BalancerTable, EngineFault>> {
    const said = saidOf(settings);
    const { changed, refused } = await open.keeper.settle(said);
    const [first] = refused;
    if (first !== undefined) {
      await open.keeper.settle(saidOf(open.global));
      return fail({ kind: "not-supported", text: first });
    }
    this.#tellChanged(changed);
    this.#open = { ...open, global: settings };
    return ok(open.reconciler.table ?? nothing);
  }

  async #begin(
    chosen: ChosenEngine,
    wanted: string,
    settings: GlobalSettings,
  ): Promise<BalancerTable> {
    const { engine, reason } = chosen;
    const { clock, log, syncDaemons, counting } = this.#options;
    const sync = new SyncKeeper({ engine, clock, log, wished: syncDaemons });
    const traffic = new TrafficWatch(engine, clock, (statistics) => {
      if (counting?.observe(statistics) === true) this.request();
    });
    const reconciler = new Reconciler({
      engine,
      clock,
      log,
      desired: () => (this.#emptying ? nothing : this.#options.desired()),
      onRepair: this.#options.onRepair,
      onRound: async () => {
        if (this.#emptying) return;
        await sync.settle();
        if (counting?.isActive === true) traffic.wanted();
        await traffic.look();
      },
    });
    const keeper = new SettingsKeeper(engine);
    const parts = { reconciler, keeper, sync, traffic };
    const open = { ...chosen, settings: wanted, global: settings, ...parts, alone: false };
    this.#open = open;
    // The model sees packets that others balance too. The others do not: see `settle`.
    if (engine.kind === "model") await this.#removeOthers(open);
    const { kind, interfaces } = this.describe();
    const where = interfaces.length > 0 ? ` on ${interfaces.join(", ")}` : "";
    this.#tell("notice", "engine", `data plane: ${kind}${where}: ${reason}`);
    const { changed, refused } = await keeper.settle(saidOf(settings));
    this.#tellChanged(changed);
    for (const text of refused) this.#tell("error", "setting", `data plane: cannot set ${text}`);
    return (await reconciler.adopt()) ?? nothing;
  }

  /** Begins to keep the table as wished. */
  start(): void {
    this.#open?.reconciler.start();
  }

  /** The wish may have changed. */
  request(): void {
    this.#open?.reconciler.request();
  }

  /**
   * Waits until the wish of this moment has been compared and carried out. What another kind of engine
   * forwards is taken out then, and not before, so that there is no moment at which nobody forwards.
   */
  async settle(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    await open.reconciler.settle();
    if (open.alone) return;
    await this.#removeOthers(open);
    if (open.global.options?.flushAtStart === true) await this.#flush(open, "lvs_flush");
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** The table as last seen. */
  get table(): BalancerTable {
    return this.#open?.reconciler.table ?? nothing;
  }

  /** Operations that data planes have taken since the start. */
  get operationsApplied(): number {
    return this.#operationsBefore + (this.#open?.reconciler.operationsApplied ?? 0);
  }

  /** What the data plane counts; whoever asks gets rates, too, a few seconds later. */
  async statistics(): Promise<readonly ServiceStatistics[]> {
    return (await this.#open?.traffic.read()) ?? [];
  }

  /** How much passes; undefined without a data plane. */
  get traffic(): TrafficWatch | undefined {
    return this.#open?.traffic;
  }

  /** The engine that is open. */
  get engine(): BalancerEngine | undefined {
    return this.#open?.engine;
  }

  /** An operation that somebody asks for by hand; see `Reconciler.applyByHand`. */
  async applyByHand(
    operation: BalancerOperation,
    onTaken: () => void,
  ): Promise<Result<void, EngineFault>> {
    const open = this.#open;
    if (open === undefined) return fail({ kind: "unavailable", text: "no data plane is open" });
    return open.reconciler.applyByHand(operation, onTaken);
  }

  /** For the status page. */
  async describeWhole(): Promise<DirectorStatus["engine"]> {
    const open = this.#open;
    if (open === undefined) return this.describe();
    const settings = await open.engine.settings();
    const events = open.engine.events?.();
    return {
      ...this.describe(),
      ...(events === undefined ? {} : { events }),
      syncDaemons: open.sync.running,
      ...(settings.ok ? { settings: settings.value } : {}),
    };
  }

  /** The engine, its reason and its interfaces. */
  describe(): DirectorStatus["engine"] {
    if (this.#open === undefined)
      return { kind: "none", reason: "no virtual servers are configured", interfaces: [] };
    const { engine, reason } = this.#open;
    return { kind: engine.kind, reason, interfaces: engine.interfaces() };
  }

  /** Takes every service out and closes: nothing is forwarded from here on. */
  async dismantle(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#emptying = true;
    await open.sync.end();
    await open.reconciler.settle();
    if (open.global.options?.flushAtStop === "table") await this.#flush(open, "lvs_flush_on_stop");
    await this.#letGo(open);
    const { openers } = this.#options;
    for (const kind of openers.left()) await openers.remove(kind);
    this.#emptying = false;
  }

  /** Closes and leaves the table as it is; an engine that forwards in the kernel goes on. */
  async release(): Promise<void> {
    if (this.#open !== undefined) await this.#letGo(this.#open);
  }

  async #removeOthers(open: OpenPlane): Promise<void> {
    const { openers } = this.#options;
    for (const kind of openers.left()) {
      if (kind === open.engine.kind) continue;
      await openers.remove(kind);
      const text = `data plane: took out what ${kind} forwarded; its connections end`;
      this.#tell("notice", "engine", text);
    }
    open.alone = true;
  }

  /** Takes out what is not ours, where others share the table. */
  async #flush({ engine }: OpenPlane, keyword: string): Promise<void> {
    const removed = await engine.removeForeign?.();
    if (removed === undefined) return;
    if (!removed.ok) {
      const text = `data plane: ${keyword}: services of others stay: ${removed.fault.text}`;
      this.#tell("error", "flush", text);
    } else if (removed.value.length > 0) {
      const names = removed.value.map(virtualServerName).join(", ");
      this.#tell("notice", "flush", `data plane: ${keyword}: took out ${names}`);
    }
  }

  async #letGo(open: OpenPlane): Promise<void> {
    await open.reconciler.stop();
    await open.engine.close();
    this.#operationsBefore += open.reconciler.operationsApplied;
    this.#open = undefined;
  }

  #tellChanged(changed: readonly string[]): void {
    for (const text of changed) this.#tell("info", "setting", `data plane: ${text}`);
  }

  #tell(level: LogLevel, kind: string, text: string): void {
    this.#options.log.write({ level, kind, text });
  }
}

function saidOf({ options }: GlobalSettings): Partial<BalancerSettings> {
  return options?.balancer ?? {};
}
