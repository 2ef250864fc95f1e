// Settings of interfaces that instances ask for [promote_secondaries], kept while any of them does.

import type { EngineWorld } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

export class SettingKeeper {
  readonly #world: EngineWorld;
  /** What was there before, by path. */
  readonly #before = new Map<string, string>();

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** Takes the instances of a new configuration; what none asks for any more is restored. */
  adopt(instances: Iterable<RunningInstance>): void {
    const { settings } = this.#world.host;
    const wanted = new Set<string>();
    for (const { config } of instances)
      if (config.options?.promoteSecondaries === true)
        wanted.add(`ipv4/conf/${config.interface}/promote_secondaries`);
    for (const [path, before] of [...this.#before]) {
      if (wanted.has(path)) continue;
      settings.write(path, before);
      this.#before.delete(path);
    }
    for (const path of wanted) {
      const value = settings.read(path);
      if (value !== "0") continue;
      this.#before.set(path, value);
      settings.write(path, "1");
    }
  }
}
