// The data plane over the life of a director: opened when there is something to balance, opened
// anew when its settings change, emptied and dismantled at the end.

import { ok, type Result } from "../base/result.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { GlobalSettings } from "../model/model.ts";
import type { DirectorStatus, RepairRecord } from "../model/status.ts";
import { dataPlaneSettings } from "../plan/reload-settings.ts";
import type { Clock } from "../world/clock.ts";
import type { EngineFault } from "../world/engine.ts";
import type { Log } from "../world/log.ts";
import { type ChosenEngine, chooseEngine, type EngineOpeners } from "./engine-choice.ts";
import { Reconciler } from "./reconciler.ts";

const nothing: BalancerTable = { services: [] };

export interface DataPlaneOptions {
  readonly openers: EngineOpeners;
  readonly clock: Clock;
  readonly log: Log;
  /** The wish at this moment. */
  readonly desired: () => BalancerTable;
  readonly onRepair: (record: RepairRecord) => void;
}

interface OpenPlane extends ChosenEngine {
  readonly settings: string;
  readonly reconciler: Reconciler;
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
    if (this.#open?.settings === wanted) return ok(this.#open.reconciler.table ?? nothing);
    const old = this.#open;
    if (old !== undefined) await this.#letGo(old);
    const chosen = await chooseEngine(settings, this.#options.openers);
    if (!chosen.ok) {
      if (old !== undefined) await this.configure(JSON.parse(old.settings) as GlobalSettings);
      return chosen;
    }
    const { engine, reason } = chosen.value;
    const reconciler = new Reconciler({
      engine,
      clock: this.#options.clock,
      log: this.#options.log,
      desired: () => (this.#emptying ? nothing : this.#options.desired()),
      onRepair: this.#options.onRepair,
    });
    const open: OpenPlane = { ...chosen.value, settings: wanted, reconciler, alone: false };
    this.#open = open;
    // The model sees packets that others balance too. The others do not: see `settle`.
    if (engine.kind === "model") await this.#removeOthers(open);
    const { kind, interfaces } = this.describe();
    const where = interfaces.length > 0 ? ` on ${interfaces.join(", ")}` : "";
    this.#options.log.write({
      level: "notice",
      kind: "engine",
      text: `data plane: ${kind}${where}: ${reason}`,
    });
    return ok((await reconciler.adopt()) ?? nothing);
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
    if (!open.alone) await this.#removeOthers(open);
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

  async statistics(): Promise<readonly ServiceStatistics[]> {
    const statistics = await this.#open?.engine.statistics();
    return statistics?.ok === true ? statistics.value : [];
  }

  /** For the status page. */
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
    await open.reconciler.settle();
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
    const { openers, log } = this.#options;
    for (const kind of openers.left()) {
      if (kind === open.engine.kind) continue;
      await openers.remove(kind);
      const text = `data plane: took out what ${kind} forwarded; its connections end`;
      log.write({ level: "notice", kind: "engine", text });
    }
    open.alone = true;
  }

  async #letGo(open: OpenPlane): Promise<void> {
    await open.reconciler.stop();
    await open.engine.close();
    this.#operationsBefore += open.reconciler.operationsApplied;
    this.#open = undefined;
  }
}
