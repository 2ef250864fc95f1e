// Asks the witnesses that instances need, and passes on what they see.

import { ScriptSupervisor, type ScriptWorld } from "../health/engine/script-supervisor.ts";
import type { Model } from "../model/model.ts";
import type { VrrpScript } from "../model/vrrp-instance.ts";
import type { Witness } from "../model/witness.ts";
import type { Log } from "../world/log.ts";
import type { ProcessRunner } from "../world/process.ts";
import type { VrrpLink } from "./vrrp-link.ts";

/** Makes the runner that asks; `witness` finds what a name stands for. */
export type OpenWitnessRunner = (witness: (name: string) => Witness | undefined) => ProcessRunner;

/** The witnesses of a running configuration. */
export class WitnessTracking {
  readonly #supervisor: ScriptSupervisor;
  readonly #link: VrrpLink;
  #witnesses: ReadonlyMap<string, Witness> = new Map();

  constructor(
    world: Omit<ScriptWorld, "processes">,
    openRunner: OpenWitnessRunner,
    link: VrrpLink,
    log: Log,
  ) {
    this.#link = link;
    const processes = openRunner((name) => this.#witnesses.get(name));
    this.#supervisor = new ScriptSupervisor({ ...world, processes }, ({ name }, up, text) => {
      link.track({ kind: "tracker", tracker: "witness", name, result: { up, weight: 0, text } });
      if (up === null) return;
      log.write({
        level: up ? "notice" : "warning",
        kind: up ? "witness-seen" : "witness-missing",
        text: `witness ${name}: ${up ? "seen" : "not seen"}: ${text}`,
      });
    });
  }

  /** Takes over a model; witnesses that no instance needs are not asked. */
  configure(model: Model): void {
    const needed = new Set(
      model.vrrpInstances.flatMap(({ options }) => options?.witnesses?.names ?? []),
    );
    const witnesses = (model.witnesses ?? []).filter(({ name }) => needed.has(name));
    this.#witnesses = new Map(witnesses.map((witness) => [witness.name, witness]));
    this.#link.keepTrackers("witness", new Set(this.#witnesses.keys()));
    this.#supervisor.configure(witnesses.map(asRun));
  }

  stop(): void {
    this.#supervisor.stop();
  }
}

/** What is counted like a script's exits: the name alone stands for the question. */
function asRun({ name, intervalMs, timeoutMs, rise, fall }: Witness): VrrpScript {
  return { name, command: [name], intervalMs, timeoutMs, rise, fall, weight: 0, initFail: false };
}
