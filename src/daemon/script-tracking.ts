// Tracking scripts of this process for the VRRP process.

import { ScriptSupervisor, type ScriptWorld } from "../health/engine/script-supervisor.ts";
import type { ScriptSettings } from "../model/global-options.ts";
import type { Model } from "../model/model.ts";
import type { VrrpScript } from "../model/vrrp-instance.ts";
import { runningScripts } from "../plan/reload-settings.ts";
import type { Log } from "../world/log.ts";
import type { VrrpLink } from "./vrrp-link.ts";

/** Runs the scripts that instances track, and passes their results on. */
export class ScriptTracking {
  readonly #supervisor: ScriptSupervisor;
  readonly #link: VrrpLink;
  /** As whom scripts run, and which are refused. */
  #settings: { readonly settings?: ScriptSettings } = {};
  /** Scripts whose last result a living VRRP process knew when this process came. */
  #inherited: ReadonlySet<string> | undefined;

  constructor(world: ScriptWorld, link: VrrpLink, log: Log) {
    this.#link = link;
    const judged: ScriptWorld = {
      ...world,
      processes: {
        run: (request, onEnd) => world.processes.run({ ...request, ...this.#settings }, onEnd),
      },
    };
    this.#supervisor = new ScriptSupervisor(judged, (script, up, text) => {
      link.track({
        kind: "tracker",
        tracker: "script",
        name: script.name,
        result: { up, weight: script.weight, reverse: script.reverse ?? false, text },
      });
      if (up === null) return;
      log.write({
        level: up ? "notice" : "warning",
        kind: up ? "script-up" : "script-down",
        text: `script ${script.name}: ${up ? "up" : "down"}: ${text}`,
      });
    });
  }

  /** Takes over a model; scripts that nobody tracks are not run, as keepalived has it. */
  configure(model: Model): void {
    const scripts = runningScripts(model);
    const settings = model.global.options?.scripts;
    this.#settings = settings === undefined ? {} : { settings };
    this.#inherited ??= new Set(
      this.#link.origin === "adopted" ? scripts.map((script) => script.name) : [],
    );
    const inherited = this.#inherited;
    this.#link.keepTrackers("script", new Set(scripts.map((script) => script.name)));
    // An adopted process knows how the script ended last: init_fail would take that back.
    const startGently = (script: VrrpScript): VrrpScript =>
      inherited.has(script.name) ? { ...script, initFail: false } : script;
    this.#supervisor.configure(scripts.map(startGently));
  }

  /** Every script that runs again and again, and how it is. */
  view(): ReturnType<ScriptSupervisor["view"]> {
    return this.#supervisor.view();
  }

  stop(): void {
    this.#supervisor.stop();
  }
}
