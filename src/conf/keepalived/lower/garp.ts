// Pacing of gratuitous ARP: the same keywords in global_defs (with `vrrp_` before them) and in vrrp_instance.

import { GARP_REFRESH_DEFAULT_MS, type GarpSettings } from "../../../model/vrrp-instance.ts";
import type { Section } from "../section.ts";
import { flagOf, numberOf } from "./setting-values.ts";

/** The values that a block names. */
export interface GarpDraft {
  readonly garpDelayMs?: number | undefined;
  readonly garpRepeat?: number | undefined;
  readonly garpRefreshMs?: number | undefined;
  readonly garpRefreshRepeat?: number | undefined;
}

/** Reads them from a block whose keywords begin with `prefix`. */
export function garpOf(section: Section, prefix: "" | "vrrp_"): GarpDraft {
  const least = prefix === "vrrp_" && flagOf(section, "vrrp_min_garp") === true;
  return {
    garpDelayMs: numberOf(section, `${prefix}garp_master_delay`) ?? (least ? 0 : undefined),
    garpRepeat:
      atLeastOne(numberOf(section, `${prefix}garp_master_repeat`)) ?? (least ? 1 : undefined),
    garpRefreshMs: numberOf(section, `${prefix}garp_master_refresh`),
    garpRefreshRepeat: atLeastOne(numberOf(section, `${prefix}garp_master_refresh_repeat`)),
  };
}

function atLeastOne(count: number | undefined): number | undefined {
  return count === undefined ? undefined : Math.max(1, count);
}

/**
 * An instance's values over the global ones over the defaults. keepalived never refreshes unless told; a
 * silent configuration gets a refresh every 60 s (docs/deviations/keepalived/garp-refresh.md).
 */
export function finishGarp(instance: GarpDraft, global: GarpDraft): GarpSettings {
  return {
    delayMs: instance.garpDelayMs ?? global.garpDelayMs ?? 5000,
    repeat: instance.garpRepeat ?? global.garpRepeat ?? 5,
    refreshMs: instance.garpRefreshMs ?? global.garpRefreshMs ?? GARP_REFRESH_DEFAULT_MS,
    refreshRepeat: instance.garpRefreshRepeat ?? global.garpRefreshRepeat ?? 1,
  };
}
