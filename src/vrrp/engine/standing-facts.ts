// Everything that an instance changes in the kernel, in its order: interfaces, what the guard lets
// pass, addresses, routes, rules; and the reverse when it leaves MASTER.

import type { IpAddress } from "../../base/address.ts";
import type { Cause } from "../../model/status.ts";
import type { TrackGroup } from "../../model/tracking.ts";
import type { VrrpWish } from "../../model/vrrp-wish.ts";
import { addressWish } from "../state.ts";
import { AddressKeeper } from "./address-keeper.ts";
import { GuardKeeper } from "./guard-keeper.ts";
import { LifetimeKeeper } from "./lifetime-keeper.ts";
import type { LinkTable } from "./link-table.ts";
import type { EngineWorld } from "./output.ts";
import { RoutingKeeper } from "./routing-keeper.ts";
import type { ClaimedAddress, RunningInstance } from "./running-instance.ts";
import { SettingKeeper } from "./setting-keeper.ts";
import { StaticAddressKeeper } from "./static-address-keeper.ts";
import { VirtualLinkKeeper } from "./virtual-link-keeper.ts";

export class StandingFacts {
  readonly #links: LinkTable;
  readonly #virtualLinks: VirtualLinkKeeper;
  readonly #guard: GuardKeeper;
  readonly #lifetimes: LifetimeKeeper;
  readonly #addresses: AddressKeeper;
  readonly #statics: StaticAddressKeeper;
  readonly #routing: RoutingKeeper;
  readonly #settings: SettingKeeper;
  #trackGroups: readonly TrackGroup[] = [];
  /** What was said beside the instances, as text, to see whether it changes. */
  /** True when something stands without any instance. */
  hasStatics = false;
  #saidBeside = JSON.stringify([undefined, undefined, undefined, undefined]);

  /** `onChange` is called when something should be compared with the kernel soon. */
  constructor(world: EngineWorld, links: LinkTable, onChange: () => void) {
    this.#links = links;
    this.#virtualLinks = new VirtualLinkKeeper(world, links);
    this.#guard = new GuardKeeper(world);
    this.#lifetimes = new LifetimeKeeper(world, links);
    this.#addresses = new AddressKeeper(world, links, this.#lifetimes);
    this.#statics = new StaticAddressKeeper(world, links);
    this.#routing = new RoutingKeeper(world, onChange);
    this.#settings = new SettingKeeper(world);
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

  /** Why an instance cannot take part: an interface of its own, or a static object of its group. */
  faultOf(instance: RunningInstance): Cause | undefined {
    const text = this.#virtualLinks.faultOf(instance);
    if (text !== undefined) return { kind: "virtual-interface-failed", text };
    const { name } = instance.config;
    const group = this.#trackGroups.find(
      ({ name: group, instances }) =>
        instances.includes(name) &&
        (this.#routing.isBroken(group) || this.#statics.isBroken(group)),
    );
    if (group === undefined) return undefined;
    const missing = `a static object of track group ${group.name} is missing`;
    return { kind: "static-object-missing", text: missing };
  }

  /** Takes what is said beside the instances; true when it differs, so that `adopt` must follow. */
  configure(wish: VrrpWish): boolean {
    const { staticObjects, routingNames, trackGroups } = wish;
    this.#trackGroups = trackGroups;
    const { defaultInterface, disableLocalIgmp } = wish.process;
    const beside = JSON.stringify([
      staticObjects,
      routingNames,
      defaultInterface,
      disableLocalIgmp,
    ]);
    if (beside === this.#saidBeside) return false;
    this.#saidBeside = beside;
    this.hasStatics = staticObjects !== undefined;
    this.#settings.configure(wish.process);
    this.#statics.configure(staticObjects, defaultInterface);
    this.#routing.configure(staticObjects, routingNames);
    return true;
  }

  /** Takes the instances of a new configuration, retiring ones included. */
  adopt(instances: readonly RunningInstance[], orphans: readonly ClaimedAddress[]): void {
    this.#settings.adopt(instances);
    this.#virtualLinks.adopt(instances);
    this.#guard.adopt(instances, this.#virtualLinks.quietLinks);
    this.#lifetimes.adopt(instances);
    this.#addresses.adopt(instances, orphans);
    this.#routing.adopt(instances);
  }

  /** Brings what belongs to an instance where its state wants it; trusts what is known. */
  settle(instance: RunningInstance): void {
    if (addressWish(instance.state) === "held") {
      this.#guard.raise(instance);
      this.#lifetimes.setGuarded(this.#guard.works);
      this.#addresses.settle(instance);
      this.#routing.settle(instance);
      return;
    }
    this.#routing.settle(instance);
    this.#addresses.settle(instance);
    this.#guard.lower(instance);
  }

  /** An interface has come, gone or changed: routes go with it without a word of the kernel's. */
  linksChanged(): void {
    if (this.#virtualLinks.raise()) this.#guard.quiet(this.#virtualLinks.quietLinks);
    this.#routing.suspect();
  }

  /**
   * Compares everything with what the kernel has, mends it, and returns the instances that must be
   * announced again.
   */
  reconcile(instances: readonly RunningInstance[]): readonly RunningInstance[] {
    this.#virtualLinks.raise();
    this.#guard.reconcile(instances);
    this.#statics.reconcile();
    const restored = this.#addresses.reconcile(instances);
    // The kernel removes routes whose source is an address that goes.
    if (restored.length > 0) this.#routing.suspect();
    this.#routing.reconcile();
    return restored;
  }

  /**
   * Renews leases and lifetimes that are due; call once all that has arrived has been looked at.
   * Returns the instances that must be announced again, because they were silent for too long.
   */
  renew(): readonly RunningInstance[] {
    this.#lifetimes.setGuarded(this.#guard.works);
    this.#lifetimes.renew();
    return this.#guard.renew();
  }

  /** At the end, when no instance holds anything: takes away what stayed while they ran. */
  clear(): void {
    this.#routing.clear();
    this.#statics.clear();
    this.#virtualLinks.clear();
    this.#settings.clear();
    this.#guard.remove();
  }

  /** At an end that leaves everything as it is: what is held no longer needs this process. */
  letStay(): void {
    this.#lifetimes.letStay();
    this.#guard.letStay();
    this.#routing.close();
  }

  /** When `renew` is due; undefined: never. */
  wakeAtMs(): number | undefined {
    const guardAtMs = this.#guard.wakeAtMs();
    const lifetimeAtMs = this.#lifetimes.wakeAtMs();
    if (guardAtMs === undefined || lifetimeAtMs === undefined) return guardAtMs ?? lifetimeAtMs;
    return Math.min(guardAtMs, lifetimeAtMs);
  }
}
