// The balancer's table: what a data plane has, or should have. The same words as ipvsadm's.

import type { IpAddress } from "../base/address.ts";
import type {
  ForwardingMethod,
  FullNatSettings,
  SchedulerName,
  TunnelSettings,
  VirtualServerKey,
} from "./virtual-server.ts";

/** A flag of a scheduler by its number [flag-1 ...]. */
export type SchedulerFlag = 1 | 2 | 3;

/** One virtual service of the table. */
export interface Service {
  readonly key: VirtualServerKey;
  readonly scheduler: SchedulerName;
  /** Seconds; 0: not persistent. */
  readonly persistenceTimeoutS: number;
  readonly persistencePrefixLength: number;
  readonly onePacket: boolean;
  /** Flags 1 to 3 of the scheduler, sorted: 1 is sh-fallback or mh-fallback, 2 sh-port or mh-port; absent: none. */
  readonly schedulerFlags?: readonly SchedulerFlag[];
  /** What else is remembered of a client; only `sip`. */
  readonly persistenceEngine?: string;
  /** Services with the same number share their clients' templates, as those of one mark do; 1..2^32-1. */
  readonly persistenceGroup?: number;
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
  /** Of TUN; IP in IP when absent. */
  readonly tunnel?: TunnelSettings;
  /** Of FULLNAT. */
  readonly fullNat?: FullNatSettings;
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

/** Rates per second, as `ipvsadm --rate` shows them: CPS, InPPS, OutPPS, InBPS, OutBPS. */
export interface TrafficRates {
  readonly connections: number;
  readonly inPackets: number;
  readonly outPackets: number;
  /** Bytes a second, although ipvsadm says BPS. */
  readonly inBytes: number;
  readonly outBytes: number;
}

/** Rates made of what `value` gives for each counter. */
export function ratesOfCounters(value: (name: keyof TrafficCounters) => number): TrafficRates {
  return {
    connections: value("connections"),
    inPackets: value("inPackets"),
    outPackets: value("outPackets"),
    inBytes: value("inBytes"),
    outBytes: value("outBytes"),
  };
}

/** What a data plane counts for one destination. */
export interface DestinationStatistics {
  readonly address: IpAddress;
  readonly port: number;
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Templates that lead to it. */
  readonly persistentConnections?: number;
  readonly counters: TrafficCounters;
  /** Absent where the data plane does not estimate them itself. */
  readonly rates?: TrafficRates;
}

/** What a data plane counts for one service. */
export interface ServiceStatistics {
  readonly key: VirtualServerKey;
  readonly counters: TrafficCounters;
  /** Absent where the data plane does not estimate them itself. */
  readonly rates?: TrafficRates;
  readonly destinations: readonly DestinationStatistics[];
}
