// BFD sessions (RFC 5880, RFC 5881) that instances and virtual servers can follow.

import type { IpAddress } from "../base/address.ts";

/** One session [bfd_instance]. */
export interface BfdSession {
  readonly name: string;
  readonly neighbor: IpAddress;
  readonly source?: IpAddress;
  readonly minReceiveMs: number;
  readonly minTransmitMs: number;
  /** While the session is down. */
  readonly idleTransmitMs: number;
  /** Packets that must be missing. */
  readonly multiplier: number;
  readonly passive: boolean;
  /** 255 for IPv4 and 64 for IPv6 when absent. */
  readonly ttl?: number;
  /** Routers that a packet may have crossed; -1: any number. */
  readonly hopsMax: number;
  readonly multihop: boolean;
  /** -253..253; 0: the loss of the session means FAULT. */
  readonly weight: number;
  readonly reverse: boolean;
  readonly forVrrp: boolean;
  readonly forCheckers: boolean;
}
