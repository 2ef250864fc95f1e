// Routes and neighbours of the kernel: what a data plane needs to address a frame by itself. Calls
// are synchronous, as in `kernel.ts`.

import type { IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** How the kernel would send a packet to one destination. */
export interface RouteFact {
  readonly interfaceIndex: number;
  /** The next hop; absent when the destination is on the link itself. */
  readonly gateway?: IpAddress;
  /** The source address that the kernel would choose. */
  readonly preferredSource?: IpAddress;
  /** True when the destination is an address of this machine. */
  readonly local: boolean;
}

/** NUD states by name; `usable` ones are reachable, stale, delay, probe, permanent and noarp. */
export type NeighbourState =
  | "none"
  | "incomplete"
  | "reachable"
  | "stale"
  | "delay"
  | "probe"
  | "failed"
  | "noarp"
  | "permanent";

/** One entry of the ARP or neighbour discovery cache. */
export interface NeighbourFact {
  readonly interfaceIndex: number;
  readonly address: IpAddress;
  /** 6 bytes for Ethernet; absent while unresolved. */
  readonly mac?: Uint8Array;
  readonly state: NeighbourState;
}

/** A notification of the kernel. */
export type RoutingChange =
  | { readonly kind: "neighbour"; readonly neighbour: NeighbourFact }
  | {
      readonly kind: "neighbour-gone";
      readonly interfaceIndex: number;
      readonly address: IpAddress;
    }
  /** Some route changed; which ones matter is for the reader to look up again. */
  | { readonly kind: "route" }
  /** Notifications were lost: everything must be read again. */
  | { readonly kind: "overrun" };

/** rtnetlink, as far as routes and neighbours go. */
export interface RoutingKernel {
  /** Fails with ENETUNREACH, EHOSTUNREACH or EACCES where the kernel has no way there. */
  route(destination: IpAddress): Result<RouteFact, KernelFault>;
  neighbours(): Result<readonly NeighbourFact[], KernelFault>;
  /**
   * Asks the kernel to resolve an on-link address now and to keep it resolved by itself; on
   * kernels before 5.16, which cannot keep it, only to resolve it: call again about twice a minute.
   * Returns whether the kernel keeps it. A permanent entry is left alone.
   */
  keepResolved(
    interfaceIndex: number,
    address: IpAddress,
  ): Result<{ readonly managed: boolean }, KernelFault>;
  /** Calls `onChange` for each notification until `close`. */
  watch(onChange: (change: RoutingChange) => void): void;
  close(): void;
}
