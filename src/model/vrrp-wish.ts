// Everything that the VRRP process is told to be. What global settings say for all instances has been
// merged into each of them.

import type { BfdSession } from "./bfd-session.ts";
import type { StaticObjects } from "./routing.ts";
import type { SyncGroup } from "./sync-group.ts";
import type { TrackGroup } from "./tracking.ts";
import type { VrrpInstance } from "./vrrp-instance.ts";
import type { GarpGroup } from "./vrrp-options.ts";

/** How long an interface must be down, or up again, before that counts. */
export interface LinkDelay {
  readonly interface: string;
  /** 0..255000. */
  readonly downMs: number;
  readonly upMs: number;
}

/** Settings of the whole process. */
export interface VrrpProcessOptions {
  /** No VRRP before this time after the start [vrrp_startup_delay]. */
  readonly startupDelayMs?: number;
  /** No VRRP before this time after the boot of the machine [vrrp_delay_after_boot]. */
  readonly delayAfterBootMs?: number;
  /** Least distance of two gratuitous ARP packets of an interface [vrrp_garp_interval]. */
  readonly garpIntervalMs?: number;
  /** The same for neighbour advertisements [vrrp_gna_interval]. */
  readonly gnaIntervalMs?: number;
  /** Where static addresses go that name no interface [default_interface]. */
  readonly defaultInterface?: string;
  /** True: the kernel reports no membership in link-local groups [disable_local_igmp]. */
  readonly disableLocalIgmp?: boolean;
  /** Interfaces that share these distances, or have their own. */
  readonly garpGroups?: readonly GarpGroup[];
  /** Interfaces whose changes count only when they last [interface_up_down_delays]. */
  readonly linkDelays?: readonly LinkDelay[];
  /** Adverts of virtual routers that are not configured are logged [log_unknown_vrids]. */
  readonly logUnknownVrids?: boolean;
}

/** The whole wish. */
export interface VrrpWish {
  /** Their `options` are complete: the global settings stand there where the instance says nothing. */
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly SyncGroup[];
  readonly trackGroups: readonly TrackGroup[];
  readonly bfdSessions: readonly BfdSession[];
  readonly staticObjects?: StaticObjects;
  /** Names of tables, protocols and so on that this system has beyond the usual ones, by kind. */
  readonly routingNames?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly process: VrrpProcessOptions;
}

/** What can be tracked beside interfaces. */
export type TrackerKind = "script" | "file" | "process" | "bfd" | "witness";

/** The last known result of a tracker. */
export interface TrackerResult {
  /** Null: there is none yet. */
  readonly up: boolean | null;
  /** The tracker's own weight; 0: its failure means FAULT. */
  readonly weight: number;
  /** True: the tracker's own sense is turned around. */
  readonly reverse?: boolean;
  /** Files: the number in the file, which times the weight changes the priority. */
  readonly value?: number;
  /** The result in words. */
  readonly text: string;
}

/** A wish of instances alone. */
export function wishOfInstances(instances: readonly VrrpInstance[]): VrrpWish {
  return { instances, syncGroups: [], trackGroups: [], bfdSessions: [], process: {} };
}
