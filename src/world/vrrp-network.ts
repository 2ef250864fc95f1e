// What a VRRP process needs of the network: adverts in and out, frames out, one precise alarm.

import type { IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One received datagram of IP protocol 112. */
export interface ReceivedPacket {
  /** The whole IPv4 packet, header included, as the kernel delivered it. */
  readonly bytes: Uint8Array;
  /** Monotonic milliseconds, from the kernel's receive timestamp. */
  readonly receivedAtMs: number;
}

/** A pair of raw sockets on one interface, joined to one multicast group. */
export interface VrrpSocket {
  /** Sends a VRRP message to the group, TTL 255, TOS 0xc0; the kernel or the socket fills the IP header. */
  send(message: Uint8Array, source: IpAddress): Result<void, KernelFault>;
  /** Everything that has arrived; never waits. Own multicasts do not come back. */
  receive(): readonly ReceivedPacket[];
  close(): void;
}

export interface VrrpNetwork {
  /** `onReadable` is called when packets wait; the caller drains with `receive`. */
  open(
    options: { readonly ifindex: number; readonly interface: string; readonly group: IpAddress },
    onReadable: () => void,
  ): Result<VrrpSocket, KernelFault>;
  /** Sends one Ethernet frame (gratuitous ARP) out of an interface. */
  sendFrame(ifindex: number, frame: Uint8Array): Result<void, KernelFault>;
}

/** One alarm with better than millisecond precision (timerfd in the real world). */
export interface Alarm {
  /** Monotonic milliseconds, fractions allowed; a time in the past fires at once; undefined: never. */
  set(atMs: number | undefined): void;
  close(): void;
}
