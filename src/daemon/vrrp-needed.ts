// Whether there is anything for a VRRP process to do.

import type { VrrpWish } from "../model/vrrp-wish.ts";

/** A process with nothing to do is not kept. */
export function isNeeded(wish: VrrpWish | undefined): boolean {
  if (wish === undefined) return false;
  const { addresses = [], routes = [], rules = [] } = wish.staticObjects ?? {};
  const standing = addresses.length + routes.length + rules.length;
  return wish.instances.length + wish.bfdSessions.length + standing > 0;
}
