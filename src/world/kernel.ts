// Interfaces and addresses of the kernel. Calls are synchronous: rtnetlink answers within the call.

import type { Result } from "../base/result.ts";
import type { AddressFact, AddressOperation } from "../plan/operation.ts";

/** A system call that failed. */
export interface KernelFault {
  readonly kind: "syscall-failed";
  readonly call: string;
  /** Positive errno. */
  readonly errno: number;
  /** Its name: `EPERM`, `ENODEV` ... */
  readonly code: string;
  readonly text: string;
}

/** One network interface. */
export interface LinkFact {
  readonly index: number;
  readonly name: string;
  /** Administratively up (IFF_UP). */
  readonly up: boolean;
  /** Carrier present and operational (IFF_LOWER_UP). */
  readonly carrier: boolean;
  readonly mtu: number;
  /** 6 bytes for Ethernet; empty where the link has none. */
  readonly mac: Uint8Array;
  /** ARPHRD_*: 1 Ethernet, 772 loopback. */
  readonly type: number;
  /** `veth`, `bridge`, `macvlan` ...; absent for hardware. */
  readonly kind?: string;
  /** True: packets of IPv6 that arrive there are forwarded; absent where nobody looked. */
  readonly ipv6Forwarding?: boolean;
  /** Index of the bridge or bond that it belongs to. */
  readonly master?: number;
  /** A text that somebody has attached to it. */
  readonly alias?: string;
}

/** Something that changed in the kernel, by us or by others. */
export type KernelChange =
  | { readonly kind: "link"; readonly link: LinkFact }
  | { readonly kind: "link-gone"; readonly index: number; readonly name: string }
  | { readonly kind: "address-added"; readonly fact: AddressFact }
  | { readonly kind: "address-removed"; readonly fact: AddressFact }
  /** Notifications were lost: everything must be read again. */
  | { readonly kind: "overrun" };

/** rtnetlink, as far as addresses and links go. */
export interface AddressKernel {
  links(): Result<readonly LinkFact[], KernelFault>;
  addresses(): Result<readonly AddressFact[], KernelFault>;
  /** Adding an address that is there (EEXIST) and removing one that is not (EADDRNOTAVAIL, ENODEV) succeed. */
  apply(operation: AddressOperation): Result<void, KernelFault>;
  /**
   * Starts the lifetimes of addresses anew, to what the facts wish; an address that is gone comes
   * back. The first fault is told, the others are renewed all the same.
   */
  renew(facts: readonly AddressFact[]): Result<void, KernelFault>;
  /** Calls `onChange` for each notification until `close`. */
  watch(onChange: (change: KernelChange) => void): void;
  /** Requests that change something, sent since opening; dumps and renewals do not count. */
  readonly changesSent: number;
  close(): void;
}
