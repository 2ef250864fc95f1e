// The loop that keeps the balancer's table as wished: desired - observed = operations, again and
// again. It runs when the wish changes and twice a second, and tells what others have changed.

import type { Result } from "../base/result.ts";
import type { BalancerTable } from "../model/balancer-table.ts";
import type { RepairRecord } from "../model/status.ts";
import { applyToTable } from "../plan/apply-table.ts";
import { describeOperation } from "../plan/describe.ts";
import { diffTable } from "../plan/diff-table.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { Clock } from "../world/clock.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import type { Log } from "../world/log.ts";
import { type ForeignChange, findForeignChanges, operationTarget } from "./foreign-changes.ts";
import { RetryBook } from "./retry-book.ts";

/** How often the data plane is looked at when nobody asks. */
const periodMs = 500;

export interface ReconcilerOptions {
  readonly engine: BalancerEngine;
  readonly clock: Clock;
  readonly log: Log;
  /** The wish at this moment. */
  readonly desired: () => BalancerTable;
  readonly onRepair: (record: RepairRecord) => void;
  /** Called after each comparison. */
  readonly onRound?: () => Promise<void>;
}

/** Keeps one data plane as wished. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #retries: RetryBook;
  /** The table as this process left it; undefined until it has seen the first one. */
  #left: BalancerTable | undefined;
  #observeFault = "";
  #wanted = false;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  /** Operations that the data plane has taken since the start. */
  operationsApplied = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#retries = new RetryBook();
  }

  /** The table as it is, read now: what an earlier process left. */
  async adopt(): Promise<BalancerTable | undefined> {
    const observed = await this.#observe();
    this.#left = observed;
    return observed;
  }

  /** Begins to look by itself. */
  start(): void {
    this.#timer ??= setInterval(() => this.request(), periodMs);
  }

  /** The wish may have changed: compare now. */
  request(): void {
    this.#wanted = true;
    if (this.#running !== undefined || this.#stopped) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Waits until a comparison that began after this call has ended. */
  async settle(): Promise<void> {
    this.request();
    await this.#running;
  }

  /**
   * An operation that somebody asks for, between two comparisons, so that none takes it for a foreign change. `onTaken`
   * is called before the next comparison when the data plane has taken it.
   */
  async applyByHand(
    operation: BalancerOperation,
    onTaken: () => void,
  ): Promise<Result<void, EngineFault>> {
    while (this.#running !== undefined) await this.#running;
    const applied = this.#options.engine.apply(operation).then((outcome) => {
      if (!outcome.ok) return outcome;
      const next = this.#left === undefined ? undefined : applyToTable(this.#left, operation);
      if (next?.ok === true) this.#left = next.value;
      onTaken();
      return outcome;
    });
    this.#running = applied.then(
      () => this.#afterOther(),
      () => this.#afterOther(),
    );
    return applied;
  }

  /** Comparisons that were asked for meanwhile begin now. */
  #afterOther(): void {
    this.#running = undefined;
    if (this.#wanted) this.request();
  }

  /** No comparison begins any more; one under way is waited for. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** The table as last seen and changed; undefined before the first look. */
  get table(): BalancerTable | undefined {
    return this.#left;
  }

  /** Operations that were refused and wait for their next attempt. */
  get pendingCount(): number {
    return this.#retries.count;
  }

  async #run(): Promise<void> {
    while (this.#wanted && !this.#stopped) {
      this.#wanted = false;
      await this.#round();
    }
  }

  async #round(): Promise<void> {
    for (const finding of await this.#options.engine.maintain())
      this.#report({ ...finding, atMs: this.#options.clock.wallMs() });
    const observed = await this.#observe();
    if (observed === undefined) return;
    const foreign = this.#left === undefined ? [] : findForeignChanges(this.#left, observed);
    const operations = diffTable(this.#options.desired(), observed);
    this.#retries.keepOnly(new Set(operations.map(operationTarget)));
    const outcomes = new Map<string, Outcome>();
    let left = observed;
    for (const operation of operations) {
      const outcome = await this.#attempt(operation, foreign.length > 0);
      outcomes.set(operationTarget(operation), outcome);
      if (!outcome.ok) continue;
      const next = applyToTable(left, operation);
      if (next.ok) left = next.value;
    }
    this.#left = left;
    for (const change of foreign) this.#report(this.#describeRepair(change, outcomes));
    await this.#options.onRound?.();
  }

  async #observe(): Promise<BalancerTable | undefined> {
    const observed = await this.#options.engine.observe();
    const fault = observed.ok ? "" : observed.fault.text;
    if (fault !== this.#observeFault) {
      this.#observeFault = fault;
      const text = fault === "" ? "can be read again" : `cannot be read: ${fault}`;
      this.#options.log.write({
        level: fault === "" ? "notice" : "error",
        kind: "observe",
        text: `data plane: ${text}`,
      });
    }
    return observed.ok ? observed.value : undefined;
  }

  async #attempt(operation: BalancerOperation, repairing: boolean): Promise<Outcome> {
    const { engine, clock, log } = this.#options;
    const target = operationTarget(operation);
    const text = describeOperation(operation);
    if (!this.#retries.isDue(target, clock.nowMs()))
      return { ok: false, text: `${text}: was refused before, waits for its next attempt` };
    const result = await engine.apply(operation);
    if (result.ok) {
      this.operationsApplied++;
      const attempts = this.#retries.succeeded(target);
      const again = attempts > 0 ? ` (attempt ${attempts + 1})` : "";
      if (!repairing || attempts > 0)
        log.write({ level: "info", kind: "operation", text: `data plane: ${text}${again}` });
      return { ok: true, text };
    }
    const { text: why } = result.fault;
    const retry = this.#retries.failed(target, why, clock.nowMs());
    if (retry.isNews)
      log.write({
        level: "error",
        kind: "operation-failed",
        text: `data plane: cannot ${text}: ${why}; next attempt in ${retry.delayMs} ms`,
      });
    return { ok: false, text: `${text}: ${why}` };
  }

  #describeRepair(change: ForeignChange, outcomes: ReadonlyMap<string, Outcome>): RepairRecord {
    const done = [...change.targets].flatMap((target) => outcomes.get(target) ?? []);
    const failed = done.find((outcome) => !outcome.ok);
    const [first] = done;
    const more = done.length > 1 ? ` and ${done.length - 1} more` : "";
    const text =
      failed?.text ?? (first === undefined ? "left so, it is wished for" : first.text + more);
    return {
      atMs: this.#options.clock.wallMs(),
      found: change.found,
      done: text,
      ok: failed === undefined,
    };
  }

  #report(record: RepairRecord): void {
    this.#options.onRepair(record);
  }
}

interface Outcome {
  readonly ok: boolean;
  readonly text: string;
}
