// Everything that this process watches for the VRRP process: scripts, files, processes, BFD results,
// witnesses, and who else answers for the addresses.

import type { Model } from "../model/model.ts";
import type { VrrpInstanceStatus } from "../model/status.ts";
import type { TrackerResult } from "../model/vrrp-wish.ts";
import { AddressWatch } from "./address-watch.ts";
import type { DirectorWorld } from "./director-contract.ts";
import { ScriptTracking } from "./script-tracking.ts";
import { Trackers } from "./tracking/trackers.ts";
import type { EngineNews } from "./vrrp-channel.ts";
import type { VrrpLink } from "./vrrp-link.ts";
import { WitnessTracking } from "./witness-tracking.ts";

export class Watching {
  readonly #scripts: ScriptTracking;
  readonly #trackers: Trackers;
  readonly #witnesses: WitnessTracking;
  readonly #addresses: AddressWatch | undefined;

  /** `onAlarm` takes what is told like news of the VRRP process. */
  constructor(world: DirectorWorld, link: VrrpLink, onAlarm: (alarm: EngineNews) => void) {
    const { clock, claims, log } = world;
    if (claims !== undefined) this.#addresses = new AddressWatch({ clock, claims, onAlarm });
    this.#witnesses = new WitnessTracking(world.scripts, world.openWitnessRunner, link, log);
    this.#scripts = new ScriptTracking(world.scripts, link, log);
    this.#trackers = new Trackers(world.tracking, link, log, () => world.onNews());
  }

  /** Before the VRRP process gets a model; `continues`: for a main process that was killed. */
  prepare(model: Model, continues: boolean): void {
    this.#trackers.configure(model, continues);
    this.#addresses?.configure(model);
  }

  /** Once it has it. */
  begin(model: Model): void {
    this.#scripts.configure(model);
    this.#witnesses.configure(model);
  }

  hear(news: EngineNews): void {
    this.#addresses?.hear(news);
  }

  takeBfdResult(name: string, result: Pick<TrackerResult, "up" | "text">): void {
    this.#trackers.bfd.take(name, result);
  }

  /** Instances of an adopted VRRP process hold their addresses already. */
  assumeMasters(instances: readonly VrrpInstanceStatus[]): void {
    for (const { name, state } of instances)
      if (state === "MASTER") this.#addresses?.assumeMaster(name);
  }

  /** The status of an instance with what is known here. */
  addTo(status: VrrpInstanceStatus): VrrpInstanceStatus {
    return this.#addresses?.addTo(status) ?? status;
  }

  /** The scripts that run again and again. */
  scripts(): ReturnType<ScriptTracking["view"]> {
    return this.#scripts.view();
  }

  stop(): void {
    this.#scripts.stop();
    this.#trackers.stop();
    this.#witnesses.stop();
    this.#addresses?.stop();
  }
}
