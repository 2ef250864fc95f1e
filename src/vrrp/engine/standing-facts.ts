// Everything that an instance changes in the kernel, in its order: interfaces, what the guard lets
// pass, addresses, routes, rules; and the reverse when it leaves MASTER.

import type { IpAddress } from "../../base/address.ts";
import { addressWish } from "../state.ts";
import { AddressKeeper } from "./address-keeper.ts";
import { GuardKeeper } from "./guard-keeper.ts";
import { LifetimeKeeper } from "./lifetime-keeper.ts";
import type { LinkTable } from "./link-table.ts";
import type { EngineWorld } from "./output.ts";
import type { ClaimedAddress, RunningInstance } from "./running-instance.ts";

export class StandingFacts {
  readonly #links: LinkTable;
  readonly #guard: GuardKeeper;
  readonly #lifetimes: LifetimeKeeper;
  readonly #addresses: AddressKeeper;
  #instances: readonly RunningInstance[] = [];

  constructor(world: EngineWorld, links: LinkTable) {
    this.#links = links;
    this.#guard = new GuardKeeper(world);
    this.#lifetimes = new LifetimeKeeper(world, links);
    this.#addresses = new AddressKeeper(world, links, this.#lifetimes);
  }

  /** Every address that some instance claims. */
  get virtual(): ReadonlySet<IpAddress> {
    return this.#addresses.virtual;
  }

  /**
   * When what an address needs to be answered was renewed last, monotonic milliseconds; undefined:
   * nothing shows that anybody held it lately. The last advert of that holder is at most an
   * interval older or younger.
   */
  renewedAtMs(claim: ClaimedAddress): number | undefined {
    const guardMs = this.#guard.renewedAtMs(claim.fact.address);
    const lifetimeMs = this.#links.renewedAtMs(claim.key);
    if (guardMs === undefined || lifetimeMs === undefined) return guardMs ?? lifetimeMs;
    return Math.max(guardMs, lifetimeMs);
  }

  /** Takes the instances of a new configuration, retiring ones included. */
  adopt(instances: readonly RunningInstance[], orphans: readonly ClaimedAddress[]): void {
    this.#instances = instances;
    this.#guard.adopt(instances);
    this.#lifetimes.adopt(instances);
    this.#addresses.adopt(instances, orphans);
  }

  /** Brings what belongs to an instance where its state wants it; trusts what is known. */
  settle(instance: RunningInstance): void {
    if (addressWish(instance.state) === "held") {
      this.#guard.raise(instance);
      this.#lifetimes.isGuarded = this.#guard.works;
      this.#addresses.settle(instance);
      return;
    }
    this.#addresses.settle(instance);
    this.#guard.lower(instance);
  }

  /**
   * Compares everything with what the kernel has, mends it, and returns the instances that must be
   * announced again.
   */
  reconcile(instances: readonly RunningInstance[]): readonly RunningInstance[] {
    this.#guard.reconcile(instances);
    return this.#addresses.reconcile(instances);
  }

  /**
   * Renews leases and lifetimes that are due; call when every due event has been carried out.
   * Returns the instances that must be announced again, because they were silent for too long.
   */
  renew(): readonly RunningInstance[] {
    this.#lifetimes.isGuarded = this.#guard.works;
    this.#lifetimes.renew();
    return this.#guard.renew(this.#instances);
  }

  /** Takes away what is no instance's any more: at the end, when nothing is held. */
  clear(): void {
    this.#guard.remove();
  }

  /** When `renew` is due; undefined: never. */
  wakeAtMs(): number | undefined {
    const guardAtMs = this.#guard.wakeAtMs(this.#instances);
    const lifetimeAtMs = this.#lifetimes.wakeAtMs();
    if (guardAtMs === undefined || lifetimeAtMs === undefined) return guardAtMs ?? lifetimeAtMs;
    return Math.min(guardAtMs, lifetimeAtMs);
  }
}
