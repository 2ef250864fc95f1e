// The way between Keelson routers: UDP on the link of an instance, beside VRRP and never in its place.

import type { Family, IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One datagram of another router. */
export interface PeerDatagram {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  readonly receivedAtMs: number;
}

/** Where the socket is. */
export interface PeerSocketOptions {
  readonly ifindex: number;
  readonly interface: string;
  readonly family: Family;
  readonly port: number;
  /** Joined when present; single addresses are heard in any case. */
  readonly group?: IpAddress;
}

/** A UDP socket on one interface; the kernel drops what has crossed a router (RFC 5082). */
export interface PeerSocket {
  /** Sends with TTL 255 from the address given. */
  send(bytes: Uint8Array, from: IpAddress, to: IpAddress): Result<void, KernelFault>;
  /** Everything that has arrived; never waits. */
  receive(): readonly PeerDatagram[];
  close(): void;
}

export interface PeerNetwork {
  open(options: PeerSocketOptions, onReadable: () => void): Result<PeerSocket, KernelFault>;
}
