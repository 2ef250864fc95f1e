// Which data plane carries the virtual servers, and why that one.

import { fail, ok, type Result } from "../base/result.ts";
import type { GlobalSettings, Model } from "../model/model.ts";
import { virtualServerName } from "../model/virtual-server.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";

/** Opens one kind of data plane. */
export type EngineOpener = (
  settings: GlobalSettings,
) => Promise<Result<BalancerEngine, EngineFault>>;

/** Data planes that are in the kernel, and forward without a process. */
export type LastingEngine = "xdp" | "ipvs";

/** The kinds that this build has. */
export interface EngineOpeners {
  readonly xdp: EngineOpener;
  readonly ipvs: EngineOpener;
  readonly model: EngineOpener;
  /** Where a director of this run directory has left something that forwards. */
  readonly left: () => readonly LastingEngine[];
  /** Takes that out: its connections end. */
  readonly remove: (kind: LastingEngine) => Promise<void>;
}

/** An open data plane, with the reason in one clause. */
export interface ChosenEngine {
  readonly engine: BalancerEngine;
  readonly reason: string;
}

/** One sentence when the chosen data plane cannot do what is configured at all; undefined when it can be tried. */
export function refuseEngineChoice({ global, virtualServers }: Model): string | undefined {
  if (global.engine !== "ipvs") return undefined;
  const beyond = virtualServers.find(({ realServers, sorryServer }) =>
    [...realServers, ...(sorryServer === undefined ? [] : [sorryServer])].some(
      ({ forwarding }) => forwarding === "FULLNAT",
    ),
  );
  if (beyond === undefined) return undefined;
  const name = virtualServerName(beyond.key);
  return `lb_engine ipvs: the kernel's IPVS has no FULLNAT, which virtual_server ${name} asks for; use lb_engine xdp, or lb_kind NAT`;
}

/** Opens what is asked for; with `auto` the fastest that works here. */
export async function chooseEngine(
  settings: GlobalSettings,
  openers: EngineOpeners,
): Promise<Result<ChosenEngine, EngineFault>> {
  const choice = settings.engine;
  if (choice === "auto") return chooseFastest(settings, openers);
  const opened = await openers[choice](settings);
  if (!opened.ok)
    return fail({ ...opened.fault, text: `lb_engine ${choice}: ${opened.fault.text}` });
  return ok({ engine: opened.value, reason: "the configuration asks for it" });
}

async function chooseFastest(
  settings: GlobalSettings,
  openers: EngineOpeners,
): Promise<Result<ChosenEngine, EngineFault>> {
  const xdp = await openers.xdp(settings);
  if (xdp.ok) return ok({ engine: xdp.value, reason: "BPF works here" });
  const ipvs = await openers.ipvs(settings);
  if (ipvs.ok) {
    const reason = `xdp does not work here (${xdp.fault.text}); the kernel's IPVS does`;
    return ok({ engine: ipvs.value, reason });
  }
  const model = await openers.model(settings);
  if (!model.ok) {
    const text = `neither xdp (${xdp.fault.text}) nor ipvs (${ipvs.fault.text}) nor model (${model.fault.text}) works here`;
    return fail({ kind: "unavailable", text });
  }
  const reason = `neither xdp (${xdp.fault.text}) nor ipvs (${ipvs.fault.text}) works here; this process forwards, slowly, and only while it runs`;
  return ok({ engine: model.value, reason });
}
