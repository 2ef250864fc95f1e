// Keeps the addresses that this host has whatever the states [static_ipaddress].

import type { StaticObjects } from "../../model/routing.ts";
import { addressFact } from "../../plan/address-facts.ts";
import type { AddressFact } from "../../plan/operation.ts";
import { addressKey } from "../address-plan.ts";
import type { LinkTable } from "./link-table.ts";
import { type EngineWorld, LogLimiter } from "./output.ts";

const complaintGapMs = 30_000;
const usualInterface = "eth0";

interface StaticClaim {
  readonly fact: AddressFact;
  readonly tracked: boolean;
  readonly trackGroup: string | undefined;
}

export class StaticAddressKeeper {
  readonly #world: EngineWorld;
  readonly #links: LinkTable;
  readonly #complaints = new LogLimiter(complaintGapMs);
  #claims = new Map<string, StaticClaim>();
  /** Those that we have set, or found as they should be. */
  readonly #settled = new Set<string>();
  readonly #brokenGroups = new Set<string>();

  constructor(world: EngineWorld, links: LinkTable) {
    this.#world = world;
    this.#links = links;
  }

  /** Takes a new configuration; what it no longer names is removed. */
  configure(statics: StaticObjects | undefined, defaultInterface: string | undefined): void {
    const before = this.#claims;
    this.#claims = new Map();
    for (const address of statics?.addresses ?? []) {
      const device = address.interface ?? defaultInterface ?? usualInterface;
      const fact = addressFact(address, device);
      const { tracked, trackGroup } = address;
      this.#claims.set(addressKey(fact), { fact, tracked, trackGroup });
    }
    for (const [key, { fact }] of before) if (!this.#claims.has(key)) this.#remove(key, fact);
  }

  /** Sets what is missing. */
  reconcile(): void {
    for (const [key, claim] of this.#claims) {
      if (this.#links.has(key)) {
        this.#settled.add(key);
        this.#heal(claim);
        continue;
      }
      if (this.#links.link(claim.fact.interface) === undefined) continue;
      const isForeign = this.#settled.has(key);
      if (isForeign && !claim.tracked) continue;
      this.#add(key, claim, isForeign);
    }
  }

  /** True when an address of the group is missing and cannot be put back. */
  isBroken(trackGroup: string): boolean {
    return this.#brokenGroups.has(trackGroup);
  }

  /** At the end: removes what was set. */
  clear(): void {
    for (const [key, { fact }] of [...this.#claims].toReversed()) this.#remove(key, fact);
    this.#claims.clear();
  }

  #add(key: string, claim: StaticClaim, isForeign: boolean): void {
    const added = this.#world.kernel.apply({ kind: "add-address", fact: claim.fact });
    if (added.ok) {
      this.#links.noteAddress(claim.fact, true);
      this.#settled.add(key);
      this.#heal(claim);
      if (!isForeign) return;
      const atMs = this.#world.clock.wallMs();
      const found = `static address ${key} was missing`;
      this.#world.tell({ kind: "repair", found, done: "added it", ok: true, atMs });
      return;
    }
    if (claim.trackGroup !== undefined) this.#brokenGroups.add(claim.trackGroup);
    if (!this.#complaints.allows(key, this.#world.clock.nowMs())) return;
    const text = `could not add static address ${key}: ${added.fault.text}`;
    this.#world.tell({
      kind: "log",
      event: { level: "error", kind: "address-operation-failed", text },
    });
  }

  #remove(key: string, fact: AddressFact): void {
    if (!this.#settled.delete(key)) return;
    this.#world.kernel.apply({ kind: "remove-address", fact });
    this.#links.noteAddress(fact, false);
  }

  #heal({ trackGroup }: StaticClaim): void {
    if (trackGroup !== undefined) this.#brokenGroups.delete(trackGroup);
  }
}
