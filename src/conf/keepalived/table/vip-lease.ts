// Leases of virtual addresses: Keelson's own keyword, for all instances and for one.

import { single } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { choice } from "./kinds.ts";

/** `vip_lease`; `unset` is what counts without it. */
export function vipLeaseKeyword(unset: string): KeywordSpec {
  return single(
    "vip_lease",
    "Whether addresses fall silent by themselves, before a peer takes over, when this process is dead, stopped or starved. `auto`: where adverts are at least 0.1 seconds apart.",
    "LEASE",
    choice(["yes", "no", "auto"], "auto counts"),
    { unset, ours: true },
  );
}
