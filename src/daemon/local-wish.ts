// What the VRRP process is told, with what only this machine's files say: keys, and the names of
// routing tables.

import { readRoutingNames } from "../linux/routing-names.ts";
import type { Model } from "../model/model.ts";
import type { VrrpWish } from "../model/vrrp-wish.ts";
import { vrrpWish } from "../plan/vrrp-wish.ts";
import type { Log } from "../world/log.ts";
import { withKeyFiles } from "./key-files.ts";

/** The whole wish. The VRRP process reads no files. */
export function localWish(model: Model, log: Log): VrrpWish {
  const names = needsNames(model) ? readRoutingNames() : undefined;
  return withKeyFiles(vrrpWish(model, names), log);
}

function needsNames({ vrrpInstances, staticObjects }: Model): boolean {
  const hasOwn = vrrpInstances.some(
    ({ options }) => options?.routes !== undefined || options?.rules !== undefined,
  );
  return hasOwn || staticObjects !== undefined;
}
