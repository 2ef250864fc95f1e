// What of a configuration the parts of a director are set up with: where it is the same, a reload leaves them alone.

import type { GlobalSettings, Model } from "../model/model.ts";
import type { VrrpScript } from "../model/vrrp-instance.ts";

/**
 * Unless the configuration says otherwise, adverts are not late because something else computes:
 * above ordinary processes, below the kernel's own threads.
 */
const realtimePriorityDefault = 50;

/** The settings that a data plane is opened with; with others it is opened anew. */
export type DataPlaneSettings = Pick<
  GlobalSettings,
  "engine" | "attach" | "interfaces" | "connectionsMax"
>;

export function dataPlaneSettings(global: GlobalSettings): DataPlaneSettings {
  const { engine, attach, interfaces, connectionsMax } = global;
  return { engine, attach, ...(interfaces === undefined ? {} : { interfaces }), connectionsMax };
}

/** The precedence of the VRRP process; a living one gets another one in place. */
export interface ProcessPrecedence {
  /** SCHED_RR priority, 1..99; 0: none. */
  readonly realtimePriority: number;
  readonly nice: number | undefined;
}

export function vrrpPrecedence(global: GlobalSettings): ProcessPrecedence {
  const { vrrpRealtimePriority = realtimePriorityDefault, vrrpNice } = global;
  return { realtimePriority: vrrpRealtimePriority, nice: vrrpNice };
}

/** The scripts that run: those that an instance or a sync group tracks, as keepalived has it. */
export function runningScripts(model: Model): readonly VrrpScript[] {
  const ofInstances = model.vrrpInstances.flatMap(({ trackedScripts }) => trackedScripts);
  const ofGroups = (model.syncGroups ?? []).flatMap(({ tracking }) => tracking.scripts);
  const tracked = new Set([
    ...ofInstances.map(({ script }) => script),
    ...ofGroups.map(({ name }) => name),
  ]);
  return model.vrrpScripts.filter(({ name }) => tracked.has(name));
}
