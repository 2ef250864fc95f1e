// What somebody may order of a running instance: to give up its addresses, or to announce them.

import { NOT_STARTED, vrrpStateName } from "../state.ts";
import type { Groups } from "./groups.ts";
import type { RunningInstance } from "./running-instance.ts";

/** What came of an order, in words. */
export interface OrderOutcome {
  readonly ok: boolean;
  readonly text: string;
}

/** The instances that an order concerns, or why there are none. */
export type Ordered =
  | { readonly ok: true; readonly instances: readonly RunningInstance[]; readonly names: string }
  | { readonly ok: false; readonly text: string };

/** Who gives up when a name is told to: every MASTER of the group of that name or of that member. */
export function mastersNamed(
  name: string,
  instances: readonly RunningInstance[],
  groups: Groups,
): Ordered {
  const single = instanceNamed(name, instances);
  const members =
    groups.named(name)?.members ?? (single && (groups.of(single)?.members ?? [single]));
  if (members === undefined) return { ok: false, text: `there is no instance or group ${name}` };
  const masters = members.filter((instance) => instance.state.role === "MASTER");
  const [first] = members;
  if (masters.length === 0) return notMaster(name, first);
  const names = [
    ...new Set(masters.map(({ config }) => config.options?.halfOf ?? config.name)),
  ].join(", ");
  return { ok: true, instances: masters, names };
}

/** The MASTER of a name. */
export function masterNamed(name: string, instances: readonly RunningInstance[]): Ordered {
  const instance = instanceNamed(name, instances);
  if (instance === undefined) return { ok: false, text: `there is no instance ${name}` };
  if (instance.state.role !== "MASTER") return notMaster(name, instance);
  return { ok: true, instances: [instance], names: name };
}

/** The instance that runs under a name. */
export function instanceNamed(
  name: string,
  instances: readonly RunningInstance[],
): RunningInstance | undefined {
  return instances.find((one) => one.config.name === name && !one.retiring);
}

function notMaster(name: string, instance: RunningInstance | undefined): Ordered {
  const state = vrrpStateName(instance?.state ?? NOT_STARTED);
  const heard = instance?.state.role === "BACKUP" ? instance.state.heard : undefined;
  const where = heard === undefined ? "" : `; ask the MASTER, ${heard.source}`;
  return { ok: false, text: `${name} is ${state} here, not MASTER${where}` };
}
