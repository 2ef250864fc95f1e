// What stands between the network and the virtual addresses: packets of an address pass only while
// its lease is alive, or not at all.

import type { IpAddress } from "../base/address.ts";
import type { Result } from "../base/result.ts";
import type { KernelFault } from "./kernel.ts";

/** What is said about one address. */
export interface GuardedAddress {
  readonly address: IpAddress;
  /**
   * Milliseconds. Packets, ARP and neighbour discovery of the address pass only while the lease of
   * this length is alive; all addresses with the same length share one lease. Absent: they pass.
   */
  readonly leaseMs?: number;
  /** True: packets to and from it are dropped, except neighbour discovery [no_accept]. */
  readonly refused?: boolean;
}

export type GuardOperation =
  /** Replaces what was said about the address. */
  | { readonly kind: "guard-address"; readonly guarded: GuardedAddress }
  | { readonly kind: "release-address"; readonly address: IpAddress }
  /** IGMP, MLD and router solicitations do not leave from this interface. */
  | { readonly kind: "quiet-link"; readonly interface: string }
  | { readonly kind: "release-link"; readonly interface: string };

/** A lease and how long it shall live from now; at most its length. */
export interface LeaseRenewal {
  readonly leaseMs: number;
  readonly forMs: number;
}

/** What the kernel has, perhaps from an earlier process. */
export interface GuardFacts {
  readonly addresses: readonly GuardedAddress[];
  /** Leases that are alive. */
  readonly leases: readonly {
    readonly leaseMs: number;
    /** When it was renewed last, monotonic. */
    readonly renewedAtMs: number;
  }[];
}

export interface PacketGuard {
  read(): Result<GuardFacts, KernelFault>;
  /**
   * One transaction. `rebuilt` is true when the kernel had lost what was installed earlier, and has
   * everything again. What an earlier process left is kept until it is released.
   */
  apply(
    operations: readonly GuardOperation[],
    renewals: readonly LeaseRenewal[],
  ): Result<{ readonly rebuilt: boolean }, KernelFault>;
  /** False when what was installed is gone. */
  intact(): boolean;
  /** Takes everything away. */
  remove(): Result<void, KernelFault>;
}
