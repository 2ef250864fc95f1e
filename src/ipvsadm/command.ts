// What a command line of ipvsadm asks for.

import type { IpAddress } from "../base/address.ts";
import type { Destination, Service } from "../model/balancer-table.ts";
import type { SyncDaemonState } from "../model/sync-daemon.ts";
import type { VirtualServerKey } from "../model/virtual-server.ts";

/** A service as it was typed: its scheduler need not exist. */
export interface TypedService extends Omit<Service, "scheduler" | "destinations"> {
  readonly scheduler: string;
}

/** How a list looks. */
export interface ListFormat {
  /** True: addresses and ports as numbers. */
  readonly numeric: boolean;
  readonly stats: boolean;
  readonly rate: boolean;
  readonly thresholds: boolean;
  readonly persistentConnections: boolean;
  readonly tunnels: boolean;
  /** True: all digits. */
  readonly exact: boolean;
  /** True: in the data plane's own order. */
  readonly unsorted: boolean;
}

export type IpvsadmCommand =
  | { readonly kind: "add-service" | "edit-service"; readonly service: TypedService }
  | { readonly kind: "delete-service"; readonly key: VirtualServerKey }
  | { readonly kind: "flush" }
  | {
      readonly kind: "add-server" | "edit-server";
      readonly key: VirtualServerKey;
      readonly server: Destination;
    }
  | {
      readonly kind: "delete-server";
      readonly key: VirtualServerKey;
      readonly address: IpAddress;
      readonly port: number;
    }
  /** The whole table, or one service. */
  | { readonly kind: "list"; readonly key?: VirtualServerKey; readonly format: ListFormat }
  | { readonly kind: "list-connections"; readonly format: ListFormat }
  | { readonly kind: "list-timeouts" }
  | { readonly kind: "list-daemons" }
  | { readonly kind: "zero"; readonly key?: VirtualServerKey }
  /** Seconds; 0: leave as it is. */
  | {
      readonly kind: "set";
      readonly tcpS: number;
      readonly tcpFinS: number;
      readonly udpS: number;
    }
  | { readonly kind: "start-daemon"; readonly daemon: SyncDaemonState }
  | { readonly kind: "stop-daemon"; readonly role: SyncDaemonState["role"] }
  | { readonly kind: "restore" }
  | { readonly kind: "save"; readonly numeric: boolean }
  | { readonly kind: "page"; readonly text: string };

/** Why a command line is none: what ipvsadm says on stderr, and its exit status. */
export interface IpvsadmRefusal {
  readonly text: string;
  readonly status: number;
  /** True: it ends the process, so nothing is read behind such a line of `-R`'s input. */
  readonly ends: boolean;
}

/** Exit statuses of ipvsadm. */
export const ipvsadmStatus = {
  ok: 0,
  /** `-L` of a service that does not exist. */
  notListed: 1,
  /** Options or arguments that cannot be. */
  usage: 2,
  /** Refused by the data plane, an unknown option, no command: -1 in a byte. */
  refused: 255,
} as const;
