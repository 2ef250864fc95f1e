// Keeps the virtual addresses where the states of the instances want them. Nothing is sent to the
// kernel unless wish and fact differ; a difference that we did not make is a repair.

import type { IpAddress } from "../../base/address.ts";
import type { AddressFact, AddressOperation } from "../../plan/operation.ts";
import {
  addressKey,
  describeAddressOperation,
  mergeWishes,
  missingOperation,
} from "../address-plan.ts";
import { type AddressWish, addressWish } from "../state.ts";
import type { LifetimeKeeper } from "./lifetime-keeper.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";
import type { ClaimedAddress, RunningInstance } from "./running-instance.ts";

const COMPLAINT_GAP_MS = 30_000;

export class AddressKeeper {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #lifetimes: LifetimeKeeper;
  readonly #complaints = new LogLimiter(COMPLAINT_GAP_MS);
  /** Who wants each address. */
  #claimants = new Map<string, RunningInstance[]>();
  /** Addresses that the configuration named earlier and that are still to be removed. */
  readonly #orphans = new Map<string, AddressFact>();
  /** What we know to have been so: true present, false absent. A deviation is not our doing. */
  readonly #settled = new Map<string, boolean>();
  #virtual: ReadonlySet<IpAddress> = new Set();

  constructor(world: EngineWorld, links: LinkTable, lifetimes: LifetimeKeeper) {
    this.#world = world;
    this.#links = links;
    this.#lifetimes = lifetimes;
  }

  /** Every address that some instance claims. */
  get virtual(): ReadonlySet<IpAddress> {
    return this.#virtual;
  }

  /** Takes the instances of a new configuration, retiring ones included. */
  adopt(instances: Iterable<RunningInstance>, orphans: readonly ClaimedAddress[]): void {
    this.#claimants = new Map();
    for (const instance of instances)
      for (const { key } of instance.claims) {
        const claimants = this.#claimants.get(key);
        if (claimants === undefined) this.#claimants.set(key, [instance]);
        else claimants.push(instance);
      }
    for (const { key, fact } of orphans) this.#orphans.set(key, fact);
    const virtual = new Set<IpAddress>();
    for (const instance of instances)
      for (const { fact } of instance.claims) virtual.add(fact.address);
    this.#virtual = virtual;
  }

  /** Brings an instance's addresses where its state wants them; trusts the link table. */
  settle(instance: RunningInstance): void {
    for (const claim of instance.claims) this.#settleOne(instance, claim);
  }

  /**
   * Compares everything with what the kernel has, mends it, and returns the instances whose
   * addresses came back: they must be announced again.
   */
  reconcile(instances: Iterable<RunningInstance>): readonly RunningInstance[] {
    const restored: RunningInstance[] = [];
    for (const instance of instances) {
      let missing = false;
      for (const claim of instance.claims) missing = this.#mend(instance, claim) || missing;
      if (missing) restored.push(instance);
    }
    for (const [key, fact] of this.#orphans) {
      if (this.#claimants.has(key) || !this.#links.has(key)) this.#orphans.delete(key);
      else this.#apply({ kind: "remove-address", fact });
    }
    return restored;
  }

  #wish(key: string): AddressWish {
    const claimants = this.#claimants.get(key);
    const only = claimants?.[0];
    if (claimants === undefined || only === undefined) return "undecided";
    if (claimants.length === 1) return addressWish(only.state);
    return mergeWishes(claimants.map((claimant) => addressWish(claimant.state)));
  }

  #settleOne(instance: RunningInstance, claim: ClaimedAddress): void {
    const { key, fact } = claim;
    const wish = this.#wish(key);
    const operation = missingOperation(fact, wish, this.#links.has(key));
    if (operation === undefined) {
      if (wish === "undecided") this.#settled.delete(key);
      else this.#settle(instance, claim, wish === "held", false);
    } else if (this.#change(instance, operation) === "done")
      this.#settle(instance, claim, wish === "held", true);
  }

  #settle(
    instance: RunningInstance,
    claim: ClaimedAddress,
    isHeld: boolean,
    isFresh: boolean,
  ): void {
    this.#settled.set(claim.key, isHeld);
    if (!isHeld) this.#lifetimes.release(claim);
    else if (addressWish(instance.state) === "held") this.#lifetimes.hold(instance, claim, isFresh);
  }

  /** An operation with the lifetime that the instance's addresses get. */
  #change(instance: RunningInstance, operation: AddressOperation): "done" | "failed" | "skipped" {
    const lease = this.#lifetimes.leaseOf(instance);
    if (operation.kind === "remove-address" || lease === undefined) return this.#apply(operation);
    const fact = { ...operation.fact, lifetimeS: lease.lifetimeS };
    return this.#apply({ kind: "add-address", fact });
  }

  /** True when an address that should have been there was put back. */
  #mend(instance: RunningInstance, claim: ClaimedAddress): boolean {
    const { key, fact } = claim;
    const wish = this.#wish(key);
    const operation = missingOperation(fact, wish, this.#links.has(key));
    const foreign = operation !== undefined && this.#settled.get(key) === (wish === "held");
    if (!foreign) {
      this.#settleOne(instance, claim);
      return false;
    }
    const added = operation.kind === "add-address";
    if (added && fact.tracked === false) {
      // A renewal would bring it back.
      this.#lifetimes.release(claim);
      return false;
    }
    const outcome = this.#change(instance, operation);
    if (outcome === "skipped") return false;
    const done = outcome === "done";
    if (done && added) this.#settle(instance, claim, true, true);
    if (!done && !this.#complaints.allows(`repair ${key}`, this.#world.clock.nowMs())) return false;
    this.#world.tell({
      kind: "repair",
      found: `${key} was ${added ? "missing" : "there, but this router does not hold it"}`,
      done: done
        ? `${added ? "added" : "removed"} it`
        : `could not ${describeAddressOperation(operation)}`,
      ok: done,
      atMs: this.#world.clock.wallMs(),
    });
    return added && done;
  }

  #apply(operation: AddressOperation): "done" | "failed" | "skipped" {
    const { fact } = operation;
    // Without its interface an address can neither be added nor be there.
    if (this.#links.link(fact.interface) === undefined) return "skipped";
    const applied = this.#world.kernel.apply(operation);
    if (applied.ok) {
      this.#links.noteAddress(fact, operation.kind === "add-address");
      return "done";
    }
    const what = describeAddressOperation(operation);
    if (this.#complaints.allows(what, this.#world.clock.nowMs())) {
      const text = `could not ${what}: ${applied.fault.text}`;
      const fields = { address: addressKey(fact), errno: applied.fault.code };
      this.#world.tell({
        kind: "log",
        event: { level: "error", kind: "address-operation-failed", text, fields },
      });
    }
    return "failed";
  }
}
