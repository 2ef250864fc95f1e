// What health checks say of the real servers: the part of the world that decides, together with
// the model, which of them take traffic.

import type { Cause } from "./status.ts";
import {
  endpointName,
  type RealServer,
  type VirtualServerKey,
  virtualServerName,
} from "./virtual-server.ts";

/** What is known of one real server. */
export interface RealServerHealth {
  /** `unchecked`: it has no checks. `unknown`: no check has been decided yet. */
  readonly health: "up" | "down" | "unchecked" | "unknown";
  /** True: it may take traffic. An unknown server is alive unless its virtual server has `alpha`. */
  readonly alive: boolean;
  /** Wall-clock milliseconds since 1970 of the last change of `health`. */
  readonly sinceMs: number;
  readonly cause: Cause;
}

/** What is known of one virtual server. */
export interface VirtualServerHealth {
  /** False: too little weight is alive; the sorry server serves if there is one. */
  readonly quorumUp: boolean;
  /** By `realServerIdentity`. */
  readonly realServers: ReadonlyMap<string, RealServerHealth>;
}

/** By `virtualServerIdentity`. Servers that are missing count as unchecked and alive. */
export type HealthView = ReadonlyMap<string, VirtualServerHealth>;

/** Text that no two virtual servers share; unlike their name it tells the family of a mark. */
export function virtualServerIdentity(key: VirtualServerKey): string {
  const name = virtualServerName(key);
  return key.kind === "fwmark" && key.family === 6 ? `${name} inet6` : name;
}

/** Text that no two real servers of one virtual server share. */
export function realServerIdentity(server: Pick<RealServer, "address" | "port">): string {
  return endpointName(server.address, server.port);
}
