// What BFD needs of the network: datagrams in with the TTL they came with, datagrams out.

import type { Family, IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** One received datagram. */
export interface BfdDatagram {
  readonly bytes: Uint8Array;
  readonly source: IpAddress;
  /** TTL or hop limit; undefined where the kernel did not tell it. */
  readonly ttl: number | undefined;
  /** Monotonic milliseconds, from the kernel's receive timestamp. */
  readonly receivedAtMs: number;
}

/** Hears a port of this host, at one address or all. */
export interface BfdReceiver {
  /** Everything that has arrived; never waits. */
  receive(): readonly BfdDatagram[];
  close(): void;
}

/** Sends for one session, always from the same port (RFC 5881 section 4). */
export interface BfdSender {
  send(payload: Uint8Array, neighbor: IpAddress, port: number): Result<void, KernelFault>;
  close(): void;
}

export interface BfdReceiverOptions {
  readonly family: Family;
  /** 3784 for neighbours on the link (RFC 5881), 4784 for others (RFC 5883). */
  readonly port: number;
  /** Absent: every address of this host. */
  readonly address?: IpAddress;
}

export interface BfdSenderOptions {
  readonly family: Family;
  /** Absent: the kernel chooses by its routes. */
  readonly address?: IpAddress;
  /** 1..255. */
  readonly ttl: number;
  /** 49152..65535: where the search for a free source port begins. */
  readonly firstPort: number;
}

export interface BfdNetwork {
  /** `onReadable` is called when datagrams wait; the caller drains with `receive`. */
  openReceiver(
    options: BfdReceiverOptions,
    onReadable: () => void,
  ): Result<BfdReceiver, KernelFault>;
  openSender(options: BfdSenderOptions): Result<BfdSender, KernelFault>;
}
