// The two threads that copy connections between directors, as ipvsadm speaks of them.

import type { IpAddress } from "../base/address.ts";

/** One running daemon [ipvsadm --start-daemon]. A director may run one of each role. */
export interface SyncDaemonState {
  readonly role: "master" | "backup";
  readonly interface: string;
  /** 0..255; a backup with 0 takes what comes. */
  readonly syncId: number;
  /** Bytes of a datagram's payload; by the interface's MTU when absent. */
  readonly maxLength?: number;
  /** 224.0.0.81 when absent. */
  readonly group?: IpAddress;
  /** 8848 when absent. */
  readonly port?: number;
  /** 1 when absent. */
  readonly ttl?: number;
}
