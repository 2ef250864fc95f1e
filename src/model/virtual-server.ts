// One virtual server and its real servers as the configuration wishes them.

import type { IpAddress } from "../base/address.ts";
import type { PlannedCheck } from "./check.ts";
import type { Program } from "./program.ts";

export type TransportProtocol = "TCP" | "UDP" | "SCTP";

/**
 * How packets reach the real server: rewritten (NAT), by MAC address (DR), in a tunnel (TUN), or with
 * their source rewritten too, so that replies come back by any route (FULLNAT).
 */
export type ForwardingMethod = "NAT" | "DR" | "TUN" | "FULLNAT";

/** IPVS's names for its schedulers. */
export const schedulerNames = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "lblc",
  "lblcr",
  "dh",
  "sh",
  "sed",
  "nq",
  "fo",
  "ovf",
  "mh",
  "twos",
] as const;

export type SchedulerName = (typeof schedulerNames)[number];

/** True for the name of a scheduler, in its small letters. */
export function isScheduler(name: unknown): name is SchedulerName {
  return schedulerNames.some((known) => known === name);
}

/** What clients connect to. */
export type VirtualServerKey =
  | {
      readonly kind: "address";
      readonly address: IpAddress;
      readonly port: number;
      readonly protocol: TransportProtocol;
    }
  | { readonly kind: "fwmark"; readonly fwmark: number; readonly family: 4 | 6 };

/** Timers and retries that every check has. */
export interface CheckTiming {
  /** Between two checks of a healthy server [delay_loop], milliseconds. */
  readonly delayLoopMs: number;
  readonly connectTimeoutMs: number;
  /** Further attempts before a healthy server counts as failed [retry]. */
  readonly retries: number;
  /** Between those attempts [delay_before_retry], milliseconds. */
  readonly delayBeforeRetryMs: number;
  /** At most this random delay before the first check [warmup], milliseconds. */
  readonly warmupMs: number;
}

/** Where a check connects; the real server's own address and port unless changed. */
export interface CheckTarget {
  readonly address: IpAddress;
  readonly port: number;
  readonly bindAddress?: IpAddress;
  readonly bindPort?: number;
}

/** One request of an HTTP check [url]. */
export interface HttpRequest {
  readonly path: string;
  readonly virtualHost?: string;
  /** Inclusive ranges of accepted status codes; 200..299 when the configuration names none. */
  readonly statusCodes: readonly { readonly from: number; readonly to: number }[];
  /** Lower-case hexadecimal MD5 of the body [digest]. */
  readonly digest?: string;
}

export type HealthCheck =
  | { readonly kind: "TCP_CHECK"; readonly timing: CheckTiming; readonly target: CheckTarget }
  | {
      readonly kind: "HTTP_GET";
      readonly timing: CheckTiming;
      readonly target: CheckTarget;
      readonly requests: readonly HttpRequest[];
    };

/** One destination of a virtual server [real_server]. */
export interface RealServer {
  readonly address: IpAddress;
  /** 0: the virtual server's own port. */
  readonly port: number;
  /** 0..65535; 0 takes no new connections. */
  readonly weight: number;
  readonly forwarding: ForwardingMethod;
  /** True: a failed server gets weight 0 and stays in the table [inhibit_on_failure]. */
  readonly inhibitOnFailure: boolean;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Of TUN, its own or the virtual server's; IP in IP when absent. */
  readonly tunnel?: TunnelSettings;
  /** Of FULLNAT, its own or the virtual server's. */
  readonly fullNat?: FullNatSettings;
  readonly checks: readonly HealthCheck[];
  /** Checks that are written and do not run yet. */
  readonly plannedChecks?: readonly PlannedCheck[];
  readonly options?: RealServerOptions;
}

/** What else is said of a real server. */
export interface RealServerOptions {
  readonly alpha?: boolean;
  readonly up?: Program;
  readonly down?: Program;
  readonly mail?: boolean;
  readonly snmpName?: string;
}

/** How packets to a TUN server are wrapped [lvs_method TUN type ...]. */
export interface TunnelSettings {
  readonly type: "ipip" | "gue" | "gre";
  /** Of GUE. */
  readonly port?: number;
  readonly checksum: "none" | "full" | "remote";
}

/** How FULLNAT speaks to a real server [lvs_method FULLNAT ...]. */
export interface FullNatSettings {
  /** Addresses of this director that stand for clients; the one that the route prefers when empty. */
  readonly sources: readonly IpAddress[];
  /** How the real server learns the client's address: a TCP option, or a PROXY protocol v2 header. */
  readonly tellsClient: "nothing" | "tcp-option" | "proxy-protocol";
}

/** Where clients go when too few real servers are left [sorry_server]. */
export interface SorryServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly forwarding: ForwardingMethod;
  /** True: takes part in inhibit_on_failure's way [sorry_server_inhibit]. */
  readonly inhibit: boolean;
  readonly tunnel?: TunnelSettings;
  readonly fullNat?: FullNatSettings;
}

/** One virtual server [virtual_server]. */
export interface VirtualServer {
  readonly key: VirtualServerKey;
  readonly scheduler: SchedulerName;
  /** Seconds a client stays with its real server after its last connection; 0: no persistence. */
  readonly persistenceTimeoutS: number;
  /** Clients of one such prefix share a real server; 32 for single IPv4 addresses. */
  readonly persistencePrefixLength: number;
  readonly onePacket: boolean;
  /** True: servers count as failed until their first check succeeds [alpha]. */
  readonly alpha: boolean;
  /** True: servers are taken out one by one, with notices, at the end [omega]. */
  readonly omega: boolean;
  /** Weight that must be alive for the virtual server to count as up [quorum]. */
  readonly quorum: number;
  readonly hysteresis: number;
  readonly sorryServer?: SorryServer;
  readonly realServers: readonly RealServer[];
  readonly options?: VirtualServerOptions;
}

/** What else is said of a virtual server. */
export interface VirtualServerOptions {
  /** The group of which this is one address [virtual_server group]. */
  readonly group?: string;
  /** Flags of the scheduler, 1 to 3 [sh-port, mh-fallback ...]. */
  readonly schedulerFlags?: readonly number[];
  readonly persistenceEngine?: string;
  /** True: all entries of the group share the clients they remember [persistence_across_group]. */
  readonly persistenceAcrossGroup?: boolean;
  /** How long a real server that a reload removes keeps its connections; 0 or absent: not at all [drain_time]. */
  readonly drainTimeMs?: number;
  /** What real servers and the sorry server take over. */
  readonly tunnel?: TunnelSettings;
  /** True: checked only while this node holds the address [ha_suspend]. */
  readonly suspendWithoutAddress?: boolean;
  readonly quorumUp?: Program;
  readonly quorumDown?: Program;
  readonly mail?: boolean;
  readonly snmpName?: string;
}

/** Text that names a virtual server in logs and tables: `TCP 10.0.0.1:80` or `FWM 10`. */
export function virtualServerName(key: VirtualServerKey): string {
  if (key.kind === "fwmark") return `FWM ${key.fwmark}`;
  return `${key.protocol} ${endpointName(key.address, key.port)}`;
}

/** `10.0.0.1:80` or `[fd00::1]:80`. */
export function endpointName(address: IpAddress, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
