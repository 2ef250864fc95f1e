// The part of a model that the VRRP process carries out, with the global settings merged in.

import type { Model } from "../model/model.ts";
import type { VrrpProcessOptions, VrrpWish } from "../model/vrrp-wish.ts";
import { expandDualStack } from "./dual-stack.ts";
import { effectiveInstances } from "./effective-instances.ts";
import type { RoutingNames } from "./routing-names.ts";

/** What the VRRP process is told for a model; `routingNames` are those of this system's iproute2. */
export function vrrpWish(model: Model, routingNames?: RoutingNames): VrrpWish {
  const { startupDelayMs, delayAfterBootMs } = model.global.options ?? {};
  const { defaultInterface, disableLocalIgmp } = model.global.options ?? {};
  const { garpIntervalMs, gnaIntervalMs, garpGroups, logUnknownVrids } = model.global.options ?? {};
  const { linkDelays } = model.global.options ?? {};
  const process: VrrpProcessOptions = {
    ...(startupDelayMs === undefined ? {} : { startupDelayMs }),
    ...(delayAfterBootMs === undefined ? {} : { delayAfterBootMs }),
    ...(defaultInterface === undefined ? {} : { defaultInterface }),
    ...(disableLocalIgmp === undefined ? {} : { disableLocalIgmp }),
    ...(garpIntervalMs === undefined ? {} : { garpIntervalMs }),
    ...(gnaIntervalMs === undefined ? {} : { gnaIntervalMs }),
    ...(garpGroups === undefined ? {} : { garpGroups }),
    ...(linkDelays === undefined ? {} : { linkDelays }),
    ...(logUnknownVrids === undefined ? {} : { logUnknownVrids }),
  };
  return {
    ...expandDualStack(effectiveInstances(model), model.syncGroups ?? []),
    trackGroups: model.trackGroups ?? [],
    bfdSessions: model.bfdSessions ?? [],
    ...(model.staticObjects === undefined ? {} : { staticObjects: model.staticObjects }),
    ...(routingNames === undefined ? {} : { routingNames }),
    process,
  };
}
