// Which VRRP instances a new configuration adds, changes in place and removes. The VRRP process goes by it, and
// `keelson diff` tells it beforehand.

import type { VrrpInstance } from "../model/vrrp-instance.ts";

/** A setting that may change while an instance runs. */
export type InstanceSetting = keyof VrrpInstance;

export type InstanceOperation =
  | { readonly kind: "add-instance"; readonly instance: VrrpInstance }
  /** It goes on in its state; `settings` are those that differ, at least one. */
  | {
      readonly kind: "change-instance";
      readonly before: VrrpInstance;
      readonly instance: VrrpInstance;
      readonly settings: readonly InstanceSetting[];
    }
  | { readonly kind: "remove-instance"; readonly before: VrrpInstance };

/**
 * What tells one virtual router from another, whatever the configuration calls it. An instance for which it changes
 * ends, and another one begins. By unicast several may share a VRID: there it is the name that tells them apart.
 */
export function instanceIdentity(config: VrrpInstance): string {
  const { interface: device, vrid, version, family, multicastGroup, name, options } = config;
  const unicast = (options?.unicast?.peers.length ?? 0) > 0;
  return [device, vrid, version, family, unicast ? `unicast ${name}` : multicastGroup].join(" ");
}

/** Operations that turn the instances that run into the wished ones: additions and changes first. */
export function diffInstances(
  wish: readonly VrrpInstance[],
  running: readonly VrrpInstance[],
): readonly InstanceOperation[] {
  const known = new Map(running.map((instance) => [instanceIdentity(instance), instance]));
  const operations: InstanceOperation[] = [];
  for (const instance of wish) {
    const identity = instanceIdentity(instance);
    const before = known.get(identity);
    known.delete(identity);
    if (before === undefined) {
      operations.push({ kind: "add-instance", instance });
      continue;
    }
    const settings = differingSettings(before, instance);
    if (settings.length > 0)
      operations.push({ kind: "change-instance", before, instance, settings });
  }
  for (const before of known.values()) operations.push({ kind: "remove-instance", before });
  return operations;
}

function differingSettings(before: VrrpInstance, after: VrrpInstance): readonly InstanceSetting[] {
  const keys = Object.keys({ ...before, ...after }) as (keyof VrrpInstance)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
