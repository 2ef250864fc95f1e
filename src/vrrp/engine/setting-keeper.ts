// Settings of the kernel that a configuration asks for [promote_secondaries, disable_local_igmp], kept
// while it does.

import type { VrrpProcessOptions } from "../../model/vrrp-wish.ts";
import type { EngineWorld } from "./output.ts";
import type { RunningInstance } from "./running-instance.ts";

export class SettingKeeper {
  readonly #world: EngineWorld;
  /** What was there before, by path. */
  readonly #before = new Map<string, string>();
  #withoutIgmp = false;

  constructor(world: EngineWorld) {
    this.#world = world;
  }

  /** Takes what is asked for beside the instances; before `adopt`. */
  configure({ disableLocalIgmp }: VrrpProcessOptions): void {
    this.#withoutIgmp = disableLocalIgmp === true;
  }

  /** Takes the instances of a new configuration; what none asks for any more is restored. */
  adopt(instances: Iterable<RunningInstance>): void {
    const { settings } = this.#world.host;
    const wanted = new Map<string, string>();
    if (this.#withoutIgmp) wanted.set("ipv4/igmp_link_local_mcast_reports", "0");
    for (const { config } of instances)
      if (config.options?.promoteSecondaries === true)
        wanted.set(`ipv4/conf/${config.interface}/promote_secondaries`, "1");
    for (const [path, before] of [...this.#before]) {
      if (wanted.has(path)) continue;
      settings.write(path, before);
      this.#before.delete(path);
    }
    for (const [path, value] of wanted) {
      const before = settings.read(path);
      if (before === undefined || before === value) continue;
      this.#before.set(path, before);
      settings.write(path, value);
    }
  }

  /** At the end: restores everything. */
  clear(): void {
    this.#withoutIgmp = false;
    this.adopt([]);
  }
}
