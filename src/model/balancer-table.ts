// The balancer's table: what a data plane has, or should have. The same words as ipvsadm's.

import type { IpAddress } from "../base/address.ts";
import type { ForwardingMethod, SchedulerName, VirtualServerKey } from "./virtual-server.ts";

/** One virtual service of the table. */
export interface Service {
  readonly key: VirtualServerKey;
  readonly scheduler: SchedulerName;
  /** Seconds; 0: not persistent. */
  readonly persistenceTimeoutS: number;
  readonly persistencePrefixLength: number;
  readonly onePacket: boolean;
  /** In the order of addition; order decides ties as in IPVS (see reference in balancer). */
  readonly destinations: readonly Destination[];
}

/** One destination (real server) of a service; address and port identify it. */
export interface Destination {
  readonly address: IpAddress;
  readonly port: number;
  /** 0: no new connections, established ones go on. */
  readonly weight: number;
  readonly forwarding: ForwardingMethod;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
}

export interface BalancerTable {
  readonly services: readonly Service[];
}

/** Counters of a service or destination since it was added. */
export interface TrafficCounters {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  readonly inBytes: number;
  readonly outBytes: number;
}

/** What a data plane counts for one destination. */
export interface DestinationStatistics {
  readonly address: IpAddress;
  readonly port: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  readonly counters: TrafficCounters;
}

/** What a data plane counts for one service. */
export interface ServiceStatistics {
  readonly key: VirtualServerKey;
  readonly counters: TrafficCounters;
  readonly destinations: readonly DestinationStatistics[];
}
