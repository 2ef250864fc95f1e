// A data plane: IPVS in the kernel, our eBPF program, or the TypeScript model. It holds the table
// and forwards; it decides nothing. `close` leaves it forwarding.

import type { Result } from "../base/result.ts";
import type { BalancerSettings } from "../model/balancer-settings.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import type { ConnectionEntry } from "../model/connection-entry.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";

/** Why a data plane could not do what it was asked. */
export interface EngineFault {
  readonly kind:
    | "not-supported"
    | "syscall-failed"
    | "not-found"
    | "exists"
    | "no-route"
    | "unavailable";
  readonly text: string;
  /** What the kernel said, where it was asked: `ESRCH`. */
  readonly code?: string;
}

/** Something of the data plane itself that was found wrong, for instance a detached program. */
export interface EngineFinding {
  /** What was found, one line. */
  readonly found: string;
  /** What was done about it, one line. */
  readonly done: string;
  readonly ok: boolean;
}

export interface BalancerEngine {
  readonly kind: "ipvs" | "xdp" | "model";
  /** Interfaces it listens on, with the way it is attached: `ens4 (tc)`. */
  interfaces(): readonly string[];
  /** The table as the data plane has it at this moment, read from the data plane itself. */
  observe(): Promise<Result<BalancerTable, EngineFault>>;
  apply(operation: BalancerOperation): Promise<Result<void, EngineFault>>;
  statistics(): Promise<Result<readonly ServiceStatistics[], EngineFault>>;
  /** Sets the counters of one service, or of all, to zero [ipvsadm -Z]. */
  zero(key?: VirtualServerKey): Promise<Result<void, EngineFault>>;
  /** What is set for the whole balancer, read from the data plane. */
  settings(): Promise<Result<BalancerSettings, EngineFault>>;
  /** Changes what is given, for packets from now on. Refused as `not-supported` where it cannot act. */
  configure(settings: Partial<BalancerSettings>): Promise<Result<void, EngineFault>>;
  /** Connections and templates at this moment, in no order; there may be millions. */
  connections(): Promise<Result<Iterable<ConnectionEntry>, EngineFault>>;
  /** The copying of connections to and from other directors. */
  syncDaemons(): Promise<Result<readonly SyncDaemonState[], EngineFault>>;
  startSyncDaemon(daemon: SyncDaemonState): Promise<Result<void, EngineFault>>;
  stopSyncDaemon(role: SyncDaemonState["role"]): Promise<Result<void, EngineFault>>;
  /** How often packets met something else than being forwarded, by event; absent where nobody counts. */
  events?(): Readonly<Record<string, number>>;
  /** Takes out the services that are not this director's, and names them; absent where there can be none. */
  removeForeign?(): Promise<Result<readonly VirtualServerKey[], EngineFault>>;
  /**
   * Called about twice a second: expires connections, refreshes neighbours, attaches to new
   * interfaces, and mends what somebody else broke. Returns only what was found wrong.
   */
  maintain(): Promise<readonly EngineFinding[]>;
  /** Lets go; the data plane forwards on where it can do so alone. */
  close(): Promise<void>;
}
