// What a running director says of itself: the answer of the control socket and of `keelson status`.

import type { IpAddress } from "../base/address.ts";
import type { BalancerSettings } from "./balancer-settings.ts";
import type { TrafficCounters, TrafficRates } from "./balancer-table.ts";
import type { BfdSessionStatus } from "./bfd-status.ts";
import type { SyncDaemonState } from "./sync-daemon.ts";
import type { ForwardingMethod } from "./virtual-server.ts";

/** keepalived's words. INIT: configured, its interface or address not usable yet. */
export type VrrpState = "INIT" | "BACKUP" | "MASTER" | "FAULT";

/** Why a state changed: a kind for programs, a sentence for people. */
export interface Cause {
  /** Kebab-case, stable: `master-down`, `priority-zero`, `higher-priority-advert`, `script-failed` ... */
  readonly kind: string;
  readonly text: string;
}

export interface VrrpInstanceStatus {
  readonly name: string;
  readonly interface: string;
  readonly vrid: number;
  readonly version: 2 | 3;
  readonly state: VrrpState;
  /** Wall-clock milliseconds since 1970 of the last change of state. */
  readonly sinceMs: number;
  readonly cause: Cause;
  /** As configured. */
  readonly basePriority: number;
  /** After tracking. */
  readonly priority: number;
  readonly advertIntervalCs: number;
  readonly virtualAddresses: readonly string[];
  /** Of the adverts; absent: IPv4. */
  readonly family?: 4 | 6;
  /** The instance of which this is the other family; the engine joins both before it tells. */
  readonly halfOf?: string;
  /** Which of them the kernel has. */
  readonly heldAddresses: readonly string[];
  /** Where the last accepted advert came from, and its priority. */
  readonly master?: { readonly address: IpAddress; readonly priority: number };
  /** Absent: none. */
  readonly alarms?: readonly AlarmStatus[];
  readonly trackers: readonly TrackerStatus[];
  readonly counters: VrrpCounters;
}

/** Something that a person should look at. */
export interface AlarmStatus {
  /** Kebab-case, stable: `adverts-missing`, `peer-deaf`, `peer-rejected`, `address-conflict`. */
  readonly kind: string;
  readonly text: string;
  /** Wall-clock milliseconds since 1970. */
  readonly sinceMs: number;
}

/** A sync group and its common state. */
export interface SyncGroupStatus {
  readonly name: string;
  readonly state: VrrpState;
  readonly members: readonly string[];
  /** Wall-clock milliseconds since 1970 of the last change of state. */
  readonly sinceMs: number;
}

/** Something that an instance follows, and what it does to the instance at this moment. */
export interface TrackerStatus {
  /** `interface`, `script`, `file`, `process`, `bfd`, `witness`. */
  readonly kind?: string;
  readonly name: string;
  /** Null: nothing is known yet. */
  readonly up: boolean | null;
  /** The reason in words. */
  readonly text: string;
  /** 0: its failure means FAULT. */
  readonly weight?: number;
  /** In words: `nothing`, `priority -20`, `FAULT`, `waits`. */
  readonly effect?: string;
  /** True: the sync group follows it. */
  readonly ofGroup?: boolean;
}

/** Named as the objects of RFC 6527 where it has them. */
export interface VrrpCounters {
  readonly becameMaster: number;
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly priorityZeroSent: number;
  readonly priorityZeroReceived: number;
  readonly garpSent: number;
  /**
   * Accepted adverts by what their checksum covered: `pseudo-header`, `message` alone, or the `group`
   * in the place of the peer. Absent before the first.
   */
  readonly checksums?: Readonly<Record<string, number>>;
  /** Rejected packets by kind, for instance `ttl-wrong`, `checksum-wrong`, `auth-mismatch`. */
  readonly rejected: Readonly<Record<string, number>>;
}

export interface RealServerStatus {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: ForwardingMethod;
  readonly configuredWeight: number;
  /** In the data plane at this moment; absent when the server is not in the table. */
  readonly weight?: number;
  readonly health: "up" | "down" | "unchecked" | "unknown";
  readonly sinceMs: number;
  readonly cause: Cause;
  /** `leaving`: no longer in the configuration, and still with connections. */
  readonly role: "real" | "sorry" | "leaving";
  readonly activeConnections: number;
  readonly inactiveConnections: number;
  /** Clients that are remembered to belong to it; absent where the data plane does not count them. */
  readonly persistentConnections?: number;
  readonly counters: TrafficCounters;
  /** Absent until two looks have been taken. */
  readonly rates?: TrafficRates;
  /** Absent: nobody takes it out. */
  readonly drain?: DrainStatus;
}

/** A real server that is being taken out: it gets no new connections and keeps those it has. */
export interface DrainStatus {
  /** `operator`: `keelson drain`; `reload`: it is no longer in the configuration. */
  readonly cause: "operator" | "reload";
  /** Wall clock. */
  readonly sinceMs: number;
  /** When what is left is cut off; absent: never. */
  readonly untilMs?: number;
  /** Connections when it began, and those that are left. */
  readonly atFirst: number;
  readonly left: number;
  /** True: its time is over, and it is out. */
  readonly cut: boolean;
}

export interface VirtualServerStatus {
  readonly name: string;
  readonly scheduler: string;
  readonly forwarding: ForwardingMethod;
  readonly persistenceTimeoutS: number;
  /** Addresses and marks of a group, where that is more than one. */
  readonly services?: number;
  readonly quorumUp: boolean;
  readonly counters: TrafficCounters;
  readonly rates?: TrafficRates;
  readonly realServers: readonly RealServerStatus[];
}

/** A difference between wish and kernel that Keelson did not make and has repaired (or tried to). */
export interface RepairRecord {
  readonly atMs: number;
  readonly found: string;
  readonly done: string;
  readonly ok: boolean;
  /** How often it was found in a row; absent: once. */
  readonly count?: number;
  /** When it was found last, where that was more than once. */
  readonly lastAtMs?: number;
}

/** A configuration that is rolled back unless somebody confirms it. */
export interface TrialStatus {
  readonly file: string;
  /** Wall clock. */
  readonly untilMs: number;
}

/** How one program or mail ended. */
export interface NotificationResult {
  /** Wall clock of the end. */
  readonly atMs: number;
  /** `INSTANCE VI_1 MASTER`. */
  readonly about: string;
  /** The keyword and the program, or the subject of the mail. */
  readonly what: string;
  readonly ok: boolean;
  /** `exit status 0`, `timed out after 60 s`, `refused: ...`. */
  readonly text: string;
  readonly durationMs: number;
}

/** Programs, mails and lines that tell of changes. */
export interface NotificationStatus {
  /** Programs that run or wait, mails and lines that wait. */
  readonly pending: number;
  /** Given up since the start because too many waited, or at the end of their time. */
  readonly dropped: number;
  /** The last ones, the oldest first. */
  readonly programs: readonly NotificationResult[];
  readonly mails: readonly NotificationResult[];
  /** Programs of the configuration that are not run, and why. */
  readonly refused: readonly { readonly program: string; readonly reason: string }[];
}

export interface DirectorStatus {
  readonly version: string;
  readonly pid: number;
  readonly vrrpPid?: number;
  readonly startedAtMs: number;
  readonly configFile: string;
  readonly routerId?: string;
  readonly engine: {
    readonly kind: string;
    readonly reason: string;
    readonly interfaces: readonly string[];
    /** The copying of connections that runs; absent without a data plane. */
    readonly syncDaemons?: readonly SyncDaemonState[];
    /** What is set for the whole balancer, as the data plane has it. */
    readonly settings?: BalancerSettings;
    /**
     * How often packets met something else than being forwarded, by event, since the data plane was
     * loaded: `stateless`, `table-full` ... Absent where the data plane does not count.
     */
    readonly events?: Readonly<Record<string, number>>;
  };
  readonly lastReload?: { readonly atMs: number; readonly ok: boolean; readonly text: string };
  /** Absent when what runs is what the files hold. */
  readonly trial?: TrialStatus;
  readonly vrrpInstances: readonly VrrpInstanceStatus[];
  readonly syncGroups?: readonly SyncGroupStatus[];
  readonly virtualServers: readonly VirtualServerStatus[];
  readonly repairs: readonly RepairRecord[];
  readonly notifications?: NotificationStatus;
  readonly bfdSessions?: readonly BfdSessionStatus[];
  /** Requests that changed something in the kernel, since the processes started. */
  readonly operations?: { readonly dataPlane: number; readonly netlink: number };
}
