// Virtual servers that a reload has removed together with their address: they serve until it is gone.

import type { BalancerTable, Service } from "../model/balancer-table.ts";
import type { Model } from "../model/model.ts";
import { departingServices, stillHeld } from "../plan/departing-services.ts";

/** How often it is looked whether an address that is given up is gone. */
const lookMs = 50;
/** Hand-over waits for the peer: at most about an advert interval, which is 40 s at its longest. */
const waitMaxMs = 60_000;

export interface DeparturesOptions {
  readonly holdsAddress: (address: string) => boolean;
  /** True: everything ends, nothing is waited for. */
  readonly isEnding: () => boolean;
  /** Called when fewer of them are left. */
  readonly onChange: () => void;
}

export class Departures {
  readonly #options: DeparturesOptions;
  #services: readonly Service[] = [];

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** Those that still serve. */
  get services(): readonly Service[] {
    return this.#services;
  }

  /** A reload from one model to another begins. */
  begin(table: BalancerTable, before: Model, after: Model): void {
    this.#services = departingServices(table, before, after);
  }

  /** Waits until the addresses are gone; true when there was something to wait for. */
  async end(): Promise<boolean> {
    if (this.#services.length === 0) return false;
    const { holdsAddress, isEnding, onChange } = this.#options;
    const lastMs = performance.now() + waitMaxMs;
    while (!isEnding() && performance.now() < lastMs) {
      const held = stillHeld(this.#services, holdsAddress);
      if (held.length < this.#services.length) {
        this.#services = held;
        onChange();
      }
      if (held.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    this.#services = [];
    return true;
  }
}
