// What `ipvsadm -S` writes, as a value: services and their servers, with their places.

import type { Family, IpAddress } from "../../base/address.ts";
import type {
  ForwardingMethod,
  TunnelSettings,
  VirtualServerKey,
} from "../../model/virtual-server.ts";
import type { Span } from "../text/diagnostic.ts";

/** A flag of a scheduler by its number, 1 to 3. */
export type SchedulerFlag = 1 | 2 | 3;

/** One `-a` line. */
export interface SavedServer {
  readonly address: IpAddress;
  /** 0: the client's own, for marks. */
  readonly port: number;
  readonly forwarding: ForwardingMethod;
  readonly weight: number;
  readonly upperThreshold: number;
  readonly lowerThreshold: number;
  /** Of tunnels. */
  readonly tunnel?: TunnelSettings;
}

/** One `-A` line, and the `-a` lines that belong to it. */
export interface SavedService {
  readonly key: VirtualServerKey;
  readonly scheduler: string;
  /** Seconds; 0: not persistent. */
  readonly persistenceTimeoutS: number;
  readonly persistencePrefixLength: number;
  readonly persistenceEngine?: string;
  readonly onePacket: boolean;
  readonly flags: readonly SchedulerFlag[];
  readonly servers: readonly SavedServer[];
}

/** A value and the line that it comes from. */
export interface OnLine<Value> {
  readonly value: Value;
  readonly span: Span;
  /** Lines of comment in front of it, without their `#`. */
  readonly comments: readonly string[];
}

/** A service with the places of its servers, in their order. */
export interface PlacedService extends OnLine<Omit<SavedService, "servers">> {
  readonly servers: readonly OnLine<SavedServer>[];
}

/** A whole table. */
export interface SavedTable {
  readonly services: readonly PlacedService[];
  readonly commentsBelow: readonly string[];
}

/** The services without their places. */
export function servicesOf(table: SavedTable): readonly SavedService[] {
  return table.services.map(({ value, servers }) => ({
    ...value,
    servers: servers.map((server) => server.value),
  }));
}

/** The family of what clients connect to. */
export function familyOfKey(key: VirtualServerKey): Family {
  if (key.kind === "fwmark") return key.family;
  return key.address.includes(":") ? 6 : 4;
}

/** Names of flags by scheduler, and for all of them; the position is the number. */
export function flagNames(scheduler: string): readonly string[] {
  if (scheduler === "sh" || scheduler === "mh")
    return [`${scheduler}-fallback`, `${scheduler}-port`, "flag-3"];
  return ["flag-1", "flag-2", "flag-3"];
}
