// What a VRRP process needs of the network: adverts in and out, frames out, one precise alarm.

import type { Family, IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One received datagram that carries VRRP or AH. */
export interface ReceivedPacket {
  /**
   * The whole IP packet, header included. The kernel delivers IPv6 without its header: then the 40
   * bytes are rebuilt from what it tells of source, destination and hop limit.
   */
  readonly bytes: Uint8Array;
  /** Monotonic milliseconds, from the kernel's receive timestamp. */
  readonly receivedAtMs: number;
}

/** Where a socket listens and from where it sends. */
export interface VrrpSocketOptions {
  readonly ifindex: number;
  readonly interface: string;
  readonly family: Family;
  /** The multicast group that is joined; absent: adverts come to single addresses. */
  readonly group?: IpAddress;
  /** The interface whose hardware address adverts leave with, where it is another one [use_vmac]. */
  readonly sendIfindex?: number;
  /** True: hears IP protocol 51 in the place of 112. */
  readonly authenticationHeader?: boolean;
  /** Absent: large enough for a flood [vrrp_rx_bufs_*]. */
  readonly receiveBufferBytes?: number;
}

/** A pair of raw sockets on one interface, for one family. */
export interface VrrpSocket {
  /** Sends a whole IP packet, header included, to the destination that stands in it. */
  send(packet: Uint8Array, destination: IpAddress): Result<void, KernelFault>;
  /** Everything that has arrived; never waits. Own multicasts do not come back. */
  receive(): readonly ReceivedPacket[];
  close(): void;
}

export interface VrrpNetwork {
  /** `onReadable` is called when packets wait; the caller drains with `receive`. */
  open(options: VrrpSocketOptions, onReadable: () => void): Result<VrrpSocket, KernelFault>;
  /** Sends one Ethernet frame (gratuitous ARP, neighbour advertisement) out of an interface. */
  sendFrame(ifindex: number, frame: Uint8Array): Result<void, KernelFault>;
}

/** One alarm with better than millisecond precision (timerfd in the real world). */
export interface Alarm {
  /** Monotonic milliseconds, fractions allowed; a time in the past fires at once; undefined: never. */
  set(atMs: number | undefined): void;
  close(): void;
}
