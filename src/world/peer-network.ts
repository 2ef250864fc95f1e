// What comes from other Keelson routers: UDP on the link of an instance, beside VRRP and never in its
// place. What goes to them leaves through the instance's own VRRP socket, from the address of its adverts.

import type { Family, IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One datagram of another router. */
export interface PeerDatagram {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
}

/** Where the socket is. */
export interface PeerSocketOptions {
  readonly ifindex: number;
  readonly interface: string;
  readonly family: Family;
  readonly port: number;
}

/** A UDP socket on one interface; the kernel drops what has crossed a router (RFC 5082). */
export interface PeerSocket {
  /** Hears a multicast group, too; harmless when it does already. */
  join(group: IpAddress): Result<void, KernelFault>;
  /** Everything that has arrived; never waits. */
  receive(): readonly PeerDatagram[];
  close(): void;
}

export interface PeerNetwork {
  open(options: PeerSocketOptions, onReadable: () => void): Result<PeerSocket, KernelFault>;
  /** Bytes that nobody can guess. */
  random(length: number): Uint8Array;
}
