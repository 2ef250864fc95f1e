// The validated wish: everything that one configuration asks of a director.

import type { BfdSession } from "./bfd-session.ts";
import type { GlobalOptions } from "./global-options.ts";
import type { StaticObjects } from "./routing.ts";
import type { GroupServer, ServerGroup } from "./server-group.ts";
import type { SyncGroup } from "./sync-group.ts";
import type { TrackFile, TrackGroup, TrackProcess } from "./tracking.ts";
import type { VirtualServer } from "./virtual-server.ts";
import type { VrrpInstance, VrrpScript } from "./vrrp-instance.ts";
import type { Witness } from "./witness.ts";

/** Which data plane carries the virtual servers [lb_engine]. */
export type EngineChoice = "auto" | "ipvs" | "xdp" | "model";

/** How the eBPF program is attached [lb_attach]. */
export type AttachChoice = "auto" | "native" | "tc" | "generic";

/** Settings of the whole director [global_defs]. */
export interface GlobalSettings {
  readonly routerId?: string;
  readonly engine: EngineChoice;
  readonly attach: AttachChoice;
  /** Interfaces for the data plane; every one that can carry packets when absent [lb_interfaces]. */
  readonly interfaces?: readonly string[];
  /** Entries of the connection table [lb_connections]. */
  readonly connectionsMax: number;
  /** SCHED_RR priority of the VRRP process, 1..99; 0: none; absent: the default [vrrp_rt_priority]. */
  readonly vrrpRealtimePriority?: number;
  /** Nice value of the VRRP process, -20..19 [vrrp_priority]. */
  readonly vrrpNice?: number;
  readonly options?: GlobalOptions;
}

/** One director's whole configuration. */
export interface Model {
  readonly global: GlobalSettings;
  readonly vrrpInstances: readonly VrrpInstance[];
  readonly vrrpScripts: readonly VrrpScript[];
  readonly virtualServers: readonly VirtualServer[];
  /** The following are absent where the text has none; nothing acts on them yet. */
  readonly syncGroups?: readonly SyncGroup[];
  readonly trackFiles?: readonly TrackFile[];
  readonly trackProcesses?: readonly TrackProcess[];
  readonly trackGroups?: readonly TrackGroup[];
  readonly witnesses?: readonly Witness[];
  readonly bfdSessions?: readonly BfdSession[];
  readonly staticObjects?: StaticObjects;
  readonly serverGroups?: readonly ServerGroup[];
  readonly groupServers?: readonly GroupServer[];
}
