// Pacing of gratuitous ARP: the same keywords in global_defs (with `vrrp_` before them) and in vrrp_instance.

import type { GarpSettings } from "../../../model/vrrp-instance.ts";
import { integer, type KeywordTable, seconds } from "./keyword.ts";
import type { Draft } from "./lowering.ts";

/** The values that a block names. */
export interface GarpDraft {
  garpDelayMs?: number;
  garpRepeat?: number;
  garpRefreshMs?: number;
  garpRefreshRepeat?: number;
}

const secondsMax = 4_294_967;

/** The table, for a block whose keywords begin with `prefix`. */
export function garpKeywords<Target extends Draft & GarpDraft>(
  prefix: "" | "vrrp_",
): KeywordTable<Target> {
  const time = { min: 0, max: secondsMax, otherwise: "the default counts" };
  const count = { min: 0, max: 2_147_483_647, otherwise: "the default counts" };
  return {
    [`${prefix}garp_master_delay`]: seconds<Target>(time, (draft, value) => {
      draft.garpDelayMs = value;
    }),
    [`${prefix}garp_master_refresh`]: seconds<Target>(time, (draft, value) => {
      draft.garpRefreshMs = value;
    }),
    [`${prefix}garp_master_repeat`]: integer<Target>(count, (draft, value) => {
      draft.garpRepeat = Math.max(1, value);
    }),
    [`${prefix}garp_master_refresh_repeat`]: integer<Target>(count, (draft, value) => {
      draft.garpRefreshRepeat = Math.max(1, value);
    }),
  };
}

/**
 * An instance's values over the global ones over the defaults. keepalived never refreshes unless told; a
 * silent configuration gets a refresh every 60 s (docs/deviations/keepalived/garp-refresh.md).
 */
export function finishGarp(instance: GarpDraft, global: GarpDraft): GarpSettings {
  return {
    delayMs: instance.garpDelayMs ?? global.garpDelayMs ?? 5000,
    repeat: instance.garpRepeat ?? global.garpRepeat ?? 5,
    refreshMs: instance.garpRefreshMs ?? global.garpRefreshMs ?? 60_000,
    refreshRepeat: instance.garpRefreshRepeat ?? global.garpRefreshRepeat ?? 1,
  };
}
