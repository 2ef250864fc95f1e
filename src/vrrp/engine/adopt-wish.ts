// What a new configuration changes in the instances that run.

import type { VrrpInstance } from "../../model/vrrp-instance.ts";
import { describeInstanceOperation } from "../../plan/describe-instance.ts";
import { diffInstances, instanceIdentity } from "../../plan/diff-instances.ts";
import type { VrrpEvent } from "../state.ts";
import { RunningInstance } from "./running-instance.ts";

/** The difference, not yet carried out but for the new settings of instances that stay. */
export interface Adoption {
  /** All instances that run from now on, in the order of the configuration. */
  readonly next: RunningInstance[];
  readonly changed: readonly { readonly instance: RunningInstance; readonly event: VrrpEvent }[];
  readonly removed: readonly RunningInstance[];
  /** One line for each change. */
  readonly changes: readonly string[];
}

/** Takes the wish of a configuration beside what runs. */
export function adoptWish(
  wish: readonly VrrpInstance[],
  instances: readonly RunningInstance[],
  wallMs: number,
): Adoption {
  const staying = instances.filter((one) => !one.retiring);
  const running = new Map(staying.map((one) => [instanceIdentity(one.config), one]));
  const next = wish.map(
    (config) => running.get(instanceIdentity(config)) ?? new RunningInstance(config, wallMs),
  );
  const changes: string[] = [];
  const changed: { instance: RunningInstance; event: VrrpEvent }[] = [];
  const removed: RunningInstance[] = [];
  const before = staying.map((one) => one.config);
  for (const operation of diffInstances(wish, before)) {
    changes.push(...describeInstanceOperation(operation));
    if (operation.kind === "add-instance") continue;
    const known = running.get(instanceIdentity(operation.before));
    if (known === undefined) continue;
    if (operation.kind === "remove-instance") {
      known.retiring = true;
      removed.push(known);
      continue;
    }
    const { settings } = operation;
    known.reconfigure(operation.instance);
    const addressesChanged =
      settings.includes("virtualAddresses") || settings.includes("excludedAddresses");
    changed.push({ instance: known, event: { kind: "config-changed", addressesChanged } });
  }
  return { next, changed, removed, changes };
}
