// Keeps the daemons that copy connections as wished: the right role, anew when their settings change, and again when
// somebody has ended them.

import type { SyncDaemonState } from "../model/sync-daemon.ts";
import {
  describeSyncDaemonOperation,
  diffSyncDaemons,
  type SyncDaemonOperation,
} from "../plan/desired-sync-daemons.ts";
import type { Clock } from "../world/clock.ts";
import type { BalancerEngine } from "../world/engine.ts";
import type { Log } from "../world/log.ts";
import { RetryBook } from "./retry-book.ts";

export interface SyncKeeperOptions {
  readonly engine: BalancerEngine;
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined: daemons that this director has not started are left alone. */
  readonly wished: () => readonly SyncDaemonState[] | undefined;
}

export class SyncKeeper {
  readonly #options: SyncKeeperOptions;
  readonly #retries = new RetryBook();
  /** True from the first start until nothing is wished any more. */
  #keeps = false;
  #running: readonly SyncDaemonState[] = [];

  constructor(options: SyncKeeperOptions) {
    this.#options = options;
  }

  /** Those that ran when it was last looked. */
  get running(): readonly SyncDaemonState[] {
    return this.#running;
  }

  /** Compares and changes what differs. */
  async settle(): Promise<void> {
    const wished = this.#options.wished();
    if (wished === undefined && !this.#keeps) return;
    await this.#change(wished ?? []);
    this.#keeps = wished !== undefined;
  }

  /** Ends what it keeps. */
  async end(): Promise<void> {
    if (!this.#keeps) return;
    this.#keeps = false;
    await this.#change([]);
  }

  async #change(wished: readonly SyncDaemonState[]): Promise<void> {
    const { engine, clock } = this.#options;
    const found = await engine.syncDaemons();
    if (!found.ok) return;
    const operations = diffSyncDaemons(wished, found.value);
    this.#retries.keepOnly(new Set(operations.map(describeSyncDaemonOperation)));
    for (const operation of operations) {
      if (!this.#retries.isDue(describeSyncDaemonOperation(operation), clock.nowMs())) continue;
      // A role that could not be stopped cannot be started anew.
      if (!(await this.#attempt(operation))) break;
    }
    const after = operations.length === 0 ? found : await engine.syncDaemons();
    if (after.ok) this.#running = after.value;
  }

  async #attempt(operation: SyncDaemonOperation): Promise<boolean> {
    const { engine, clock, log } = this.#options;
    const text = describeSyncDaemonOperation(operation);
    const result =
      operation.kind === "stop-sync-daemon"
        ? await engine.stopSyncDaemon(operation.role)
        : await engine.startSyncDaemon(operation.daemon);
    if (result.ok) {
      this.#retries.succeeded(text);
      log.write({ level: "notice", kind: "sync-daemon", text: `data plane: ${text}` });
      return true;
    }
    const { isNews, delayMs } = this.#retries.failed(text, result.fault.text, clock.nowMs());
    if (isNews)
      log.write({
        level: "error",
        kind: "sync-daemon-failed",
        text: `data plane: cannot ${text}: ${result.fault.text}; next attempt in ${delayMs} ms`,
      });
    return false;
  }
}
