// The instances of a model as they count: what global settings say for all of them merged in, and what
// is the default anyway left out, so that writing it or not makes no difference.

import type { Model } from "../model/model.ts";
import type { VrrpInstance } from "../model/vrrp-instance.ts";
import type { VrrpOptions } from "../model/vrrp-options.ts";

/** What counts where neither the instance nor global_defs says anything. */
const defaults: Partial<VrrpOptions> = {
  strict: false,
  downTimerAdverts: 3,
  ownerIgnoresAdverts: false,
  skipCheckOfAddresses: false,
  checksumAsVersion2: false,
  notifyPriorityChanges: false,
  lease: "auto",
  virtualMacPrefix: "vrrp",
  trackOwnInterface: true,
  trackSourceAddress: false,
  promoteSecondaries: false,
  mail: false,
};

/** Every instance of a model, complete and in one form. */
export function effectiveInstances(model: Model): readonly VrrpInstance[] {
  const { vrrp, mail } = model.global.options ?? {};
  const alerts = mail?.alerts.vrrp ?? mail?.alerts.all;
  const common: VrrpOptions = { ...vrrp, ...(alerts === undefined ? {} : { mail: alerts }) };
  return model.vrrpInstances.map((instance) => {
    const { options: own, ...rest } = instance;
    const options = withoutDefaults({ ...common, ...own });
    return Object.keys(options).length === 0 ? rest : { ...rest, options };
  });
}

function withoutDefaults(options: VrrpOptions): VrrpOptions {
  const keys = Object.keys(options) as (keyof VrrpOptions)[];
  const kept = keys.filter((key) => options[key] !== undefined && options[key] !== defaults[key]);
  return Object.fromEntries(kept.map((key) => [key, options[key]]));
}
