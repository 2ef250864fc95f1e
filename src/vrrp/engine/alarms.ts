// Conditions that a person should look at: told when they begin and when they end.

import type { AlarmStatus } from "../../model/status.ts";
import type { EngineWorld } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

/**
 * `adverts-missing`: the MASTER lives, but its adverts do not arrive. `peer-deaf`: a lower router goes on
 * advertising. `peer-rejected`: another router advertises what must be rejected here. `address-conflict`:
 * another machine claims a virtual address.
 */
export type AlarmKind = "adverts-missing" | "peer-deaf" | "peer-rejected" | "address-conflict";

export class Alarms {
  readonly #world: EngineWorld;
  readonly #active = new WeakMap<RunningInstance, Map<AlarmKind, AlarmStatus>>();

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** Begins an alarm, or goes on with it. */
  raise(instance: RunningInstance, alarm: AlarmKind, text: string): void {
    const active = this.#active.get(instance) ?? new Map<AlarmKind, AlarmStatus>();
    this.#active.set(instance, active);
    if (active.has(alarm)) return;
    const sinceMs = this.#world.clock.wallMs();
    active.set(alarm, { kind: alarm, text, sinceMs });
    this.#tell(instance, alarm, true, text);
  }

  /** Ends an alarm, if it is active. */
  clear(instance: RunningInstance, alarm: AlarmKind): void {
    const known = this.#active.get(instance)?.get(alarm);
    if (known === undefined) return;
    this.#active.get(instance)?.delete(alarm);
    this.#tell(instance, alarm, false, `over: ${known.text}`);
  }

  /** What is active. */
  of(instance: RunningInstance): readonly AlarmStatus[] {
    return [...(this.#active.get(instance)?.values() ?? [])];
  }

  #tell(instance: RunningInstance, alarm: AlarmKind, active: boolean, text: string): void {
    const { name } = instance.config;
    const atMs = this.#world.clock.wallMs();
    this.#world.tell({ kind: "alarm", instance: name, alarm, active, text, atMs });
  }
}
