// Which data plane carries the virtual servers, and why that one.

import { fail, ok, type Result } from "../base/result.ts";
import type { EngineChoice, GlobalSettings } from "../model/model.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";

/** Opens one kind of data plane. */
export type EngineOpener = (
  settings: GlobalSettings,
) => Promise<Result<BalancerEngine, EngineFault>>;

/** The kinds that this build has. */
export interface EngineOpeners {
  readonly xdp: EngineOpener;
  readonly model: EngineOpener;
  /** Whether something of a data plane outlives processes here, and forwards. */
  readonly hasPinned: () => boolean;
  /** Removes it: connections end. */
  readonly removePinned: () => void;
}

/** An open data plane, with the reason in one clause. */
export interface ChosenEngine {
  readonly engine: BalancerEngine;
  readonly reason: string;
}

/** One sentence when a choice cannot be met by this build at all; undefined when it can be tried. */
export function refuseEngineChoice(choice: EngineChoice): string | undefined {
  if (choice !== "ipvs") return undefined;
  return "lb_engine ipvs: this version cannot drive the kernel's IPVS yet; use xdp, or auto";
}

/** Opens what is asked for; with `auto` the fastest that works here. */
export async function chooseEngine(
  settings: GlobalSettings,
  openers: EngineOpeners,
): Promise<Result<ChosenEngine, EngineFault>> {
  const choice = settings.engine;
  switch (choice) {
    case "ipvs":
      return fail({ kind: "not-supported", text: refuseEngineChoice(choice) ?? "" });
    case "xdp":
    case "model": {
      const opened = await openers[choice](settings);
      return opened.ok
        ? ok({ engine: opened.value, reason: "the configuration asks for it" })
        : opened;
    }
    case "auto": {
      const xdp = await openers.xdp(settings);
      if (xdp.ok) return ok({ engine: xdp.value, reason: "BPF works here" });
      const model = await openers.model(settings);
      if (!model.ok) {
        const text = `neither xdp (${xdp.fault.text}) nor model (${model.fault.text}) works here`;
        return fail({ kind: "unavailable", text });
      }
      const reason = `xdp does not work here (${xdp.fault.text}); this process forwards, slowly, and only while it runs`;
      return ok({ engine: model.value, reason });
    }
  }
}
