// A data plane that only keeps the table: everything a daemon does to a data plane, without packets.

import { fail, ok, type Result } from "../base/result.ts";
import { type BalancerSettings, defaultBalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import { applyToTable } from "../plan/apply-table.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { BalancerEngine, EngineFault, EngineFinding } from "../world/engine.ts";

const nothing = { connections: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };

/** A table in memory that counts what is done to it, and refuses what it is told to refuse. */
export class TableEngine implements BalancerEngine {
  readonly kind: BalancerEngine["kind"];
  /** What is in the data plane; assign to play somebody else who changes it. */
  table: BalancerTable = { services: [] };
  /** Every operation that was taken, in its order. */
  readonly taken: BalancerOperation[] = [];
  /** Every operation that was asked for, refused ones included. */
  attempts = 0;
  /** Gives the fault with which an operation is refused. */
  refuse: (operation: BalancerOperation) => EngineFault | undefined = () => undefined;
  /** What the next `maintain` says it found. */
  findings: EngineFinding[] = [];
  closed = false;
  balancerSettings: BalancerSettings = defaultBalancerSettings;
  daemons: readonly SyncDaemonState[] = [];

  constructor(kind: BalancerEngine["kind"] = "model") {
    this.kind = kind;
  }

  interfaces(): readonly string[] {
    return [];
  }

  async observe(): Promise<Result<BalancerTable, EngineFault>> {
    return ok(this.table);
  }

  async apply(operation: BalancerOperation): Promise<Result<void, EngineFault>> {
    this.attempts++;
    const fault = this.refuse(operation);
    if (fault !== undefined) return fail(fault);
    const next = applyToTable(this.table, operation);
    if (!next.ok) return fail({ kind: "not-found", text: next.fault.text });
    this.table = next.value;
    this.taken.push(operation);
    return ok(undefined);
  }

  async statistics(): Promise<Result<readonly ServiceStatistics[], EngineFault>> {
    return ok(
      this.table.services.map((service) => ({
        key: service.key,
        counters: nothing,
        destinations: service.destinations.map(({ address, port }) => ({
          address,
          port,
          activeConnections: 0,
          inactiveConnections: 0,
          counters: nothing,
        })),
      })),
    );
  }

  async zero(): Promise<Result<void, EngineFault>> {
    return ok(undefined);
  }

  async settings(): Promise<Result<BalancerSettings, EngineFault>> {
    return ok(this.balancerSettings);
  }

  async configure(settings: Partial<BalancerSettings>): Promise<Result<void, EngineFault>> {
    this.balancerSettings = { ...this.balancerSettings, ...settings };
    return ok(undefined);
  }

  async connections(): Promise<Result<Iterable<ConnectionEntry>, EngineFault>> {
    return ok([]);
  }

  async syncDaemons(): Promise<Result<readonly SyncDaemonState[], EngineFault>> {
    return ok(this.daemons);
  }

  async startSyncDaemon(daemon: SyncDaemonState): Promise<Result<void, EngineFault>> {
    if (this.daemons.some(({ role }) => role === daemon.role))
      return fail({ kind: "exists", text: `the ${daemon.role} daemon runs` });
    this.daemons = [...this.daemons, daemon];
    return ok(undefined);
  }

  async stopSyncDaemon(role: SyncDaemonState["role"]): Promise<Result<void, EngineFault>> {
    if (!this.daemons.some((daemon) => daemon.role === role))
      return fail({ kind: "not-found", text: `no ${role} daemon runs` });
    this.daemons = this.daemons.filter((daemon) => daemon.role !== role);
    return ok(undefined);
  }

  async maintain(): Promise<readonly EngineFinding[]> {
    const found = this.findings;
    this.findings = [];
    return found;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
