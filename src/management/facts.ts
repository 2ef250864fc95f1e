// What management shows: one reading of the director and of the kernel.

import type { TrafficRates } from "../model/balancer-table.ts";
import type { Model } from "../model/model.ts";
import type { DirectorStatus } from "../model/status.ts";
import type { TrackerKind, TrackerResult } from "../model/vrrp-wish.ts";
import type { AddressFact } from "../plan/operation.ts";
import type { LinkFact } from "../world/kernel.ts";

/** One reading, as the director gives it. */
export interface Snapshot {
  readonly status: DirectorStatus;
  readonly model: Model;
  readonly links: readonly LinkFact[];
  readonly addresses: readonly AddressFact[];
  /** Of the trackers that the main process watches. */
  tracker(kind: TrackerKind, name: string): TrackerResult | undefined;
}

/** Why an instance became MASTER the last time, as RFC 6527 counts. */
export type MasterReason = "not-master" | "priority" | "preempted" | "master-no-response";

/** Which kind of wrong packet came last, as RFC 6527 counts. */
export type ProtocolError = "none" | "ttl" | "version" | "checksum" | "vrid";

/** What is remembered of an instance. */
export interface InstanceHistory {
  /** Wall clock since which it is neither INIT nor FAULT; undefined while it is. */
  readonly upSinceMs: number | undefined;
  readonly masterReason: MasterReason;
  readonly protocolError: ProtocolError;
}

/** What the objects of SNMP are read from. */
export interface ManagementFacts extends Snapshot {
  /** Wall clock. */
  readonly atMs: number;
  /** When the master agent started, by the wall clock; undefined while it has not said. */
  readonly agentBootMs?: number;
  history(instance: string): InstanceHistory;
  /** Of a virtual server, or of one of its servers, by their places in the configuration. */
  rates(virtualServer: number, server?: number): TrafficRates;
}
