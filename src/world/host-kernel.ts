// What a MASTER changes in the kernel beside addresses: routes, rules, interfaces of its own,
// settings, and what the packet guard lets pass. Calls are synchronous.

import type { Result } from "../base/result.ts";
import type { RouteFact, RoutingOperation, RuleFact } from "../plan/routing-facts.ts";
import type { VirtualLink } from "../plan/virtual-links.ts";
import type { KernelFault } from "./kernel.ts";
import type { PacketGuard } from "./packet-guard.ts";

/** Routes and rules. */
export interface RoutingTableKernel {
  /** The routes of a protocol, in all tables. */
  routes(protocol: number): Result<readonly RouteFact[], KernelFault>;
  rules(): Result<readonly RuleFact[], KernelFault>;
  /** Adding what is there (EEXIST) and removing what is not (ESRCH, ENOENT) succeed. */
  apply(operation: RoutingOperation): Result<void, KernelFault>;
  /** Calls `onChange` when a route or a rule may have been removed, until `close`. Call once. */
  watch(onChange: () => void): void;
  close(): void;
}

/** Interfaces on top of others. */
export interface VirtualLinkKernel {
  /** Makes the interface, or takes over one of the same name, sets its alias and brings it up. */
  add(link: VirtualLink, alias: string): Result<void, KernelFault>;
  /** Succeeds when there is none (ENODEV). */
  remove(name: string): Result<void, KernelFault>;
}

/** Settings under /proc/sys/net, by their path below it: `ipv4/conf/eth0/arp_ignore`. */
export interface KernelSettings {
  /** The value without its line end; undefined where there is no such setting. */
  read(path: string): string | undefined;
  write(path: string, value: string): Result<void, KernelFault>;
}

/** All of it. */
export interface HostKernel {
  readonly guard: PacketGuard;
  readonly routing: RoutingTableKernel;
  readonly virtualLinks: VirtualLinkKernel;
  readonly settings: KernelSettings;
}
