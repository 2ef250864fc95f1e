// The packet guard of a simulated kernel: it outlives the processes, and its leases end by the
// machine's own clock.

import type { IpAddress } from "../base/address.ts";
import { ok, type Result } from "../base/result.ts";
import type { KernelFault } from "../world/kernel.ts";
import type {
  GuardedAddress,
  GuardFacts,
  GuardOperation,
  LeaseRenewal,
  PacketGuard,
} from "../world/packet-guard.ts";

export class SimulatedGuard implements PacketGuard {
  readonly #nowMs: () => number;
  readonly #addresses = new Map<IpAddress, GuardedAddress>();
  /** When each lease ends. */
  readonly #endsAtMs = new Map<number, number>();
  #lost = false;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** True when packets, ARP and neighbour discovery of an address pass. */
  passes(address: IpAddress): boolean {
    const leaseMs = this.#lost ? undefined : this.#addresses.get(address)?.leaseMs;
    return leaseMs === undefined || (this.#endsAtMs.get(leaseMs) ?? 0) > this.#nowMs();
  }

  /** True when packets to an address are dropped whoever lives. */
  refuses(address: IpAddress): boolean {
    return !this.#lost && this.#addresses.get(address)?.refused === true;
  }

  /** Somebody flushes the packet filter. */
  flush(): void {
    this.#lost = this.#addresses.size > 0;
  }

  read(): Result<GuardFacts, KernelFault> {
    if (this.#lost) return ok({ addresses: [], leases: [] });
    const leases = [...this.#endsAtMs]
      .filter(([, endsAtMs]) => endsAtMs > this.#nowMs())
      .map(([leaseMs, endsAtMs]) => ({ leaseMs, renewedAtMs: endsAtMs - leaseMs }));
    return ok({ addresses: [...this.#addresses.values()], leases });
  }

  apply(
    operations: readonly GuardOperation[],
    renewals: readonly LeaseRenewal[],
  ): Result<{ readonly rebuilt: boolean }, KernelFault> {
    for (const operation of operations)
      if (operation.kind === "guard-address")
        this.#addresses.set(operation.guarded.address, operation.guarded);
      else if (operation.kind === "release-address") this.#addresses.delete(operation.address);
    for (const { leaseMs, forMs } of renewals)
      this.#endsAtMs.set(leaseMs, this.#nowMs() + Math.min(leaseMs, forMs));
    const rebuilt = this.#lost;
    this.#lost = false;
    return ok({ rebuilt });
  }

  intact(): boolean {
    return !this.#lost;
  }

  remove(): Result<void, KernelFault> {
    this.#addresses.clear();
    this.#endsAtMs.clear();
    this.#lost = false;
    return ok(undefined);
  }
}
