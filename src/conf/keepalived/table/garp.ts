// Announcements of addresses: the same keywords in global_defs, with `vrrp_` before them, and in vrrp_instance.

import { single } from "./entries.ts";
import type { KeywordSpec } from "./keyword-spec.ts";
import { clamped, integer, intMax, longestS, uintMax, wholeSeconds } from "./kinds.ts";

/** The keywords, whose names begin with `prefix`. */
export function garpKeywords(prefix: "" | "vrrp_"): readonly KeywordSpec[] {
  const inInstance = prefix === "";
  const fallback = (value: string): { readonly default?: string; readonly unset?: string } =>
    inInstance ? { unset: `what global_defs says, else ${value}` } : { default: value };
  const otherwise = "the default counts";
  const count = clamped(1, uintMax, otherwise);
  return [
    single(
      `${prefix}garp_master_delay`,
      "How long after becoming MASTER the addresses are announced a second time; 0: they are not.",
      "SECONDS",
      wholeSeconds(0, 4294, otherwise),
      fallback("5"),
    ),
    single(
      `${prefix}garp_master_repeat`,
      "How often each address is announced at a time after becoming MASTER.",
      "COUNT",
      count,
      fallback("5"),
    ),
    single(
      `${prefix}garp_master_refresh`,
      "How often a MASTER announces its addresses again; 0: never. Without it keepalived never does, Keelson every 60 seconds.",
      "SECONDS",
      wholeSeconds(0, longestS, otherwise),
      fallback("60"),
    ),
    single(
      `${prefix}garp_master_refresh_repeat`,
      "How often each address is announced at each refresh.",
      "COUNT",
      count,
      fallback("1"),
    ),
    single(
      `${prefix}garp_lower_prio_delay`,
      "How long after an advert of lower priority a MASTER announces its addresses a second time; 0: it does not.",
      "SECONDS",
      wholeSeconds(0, 4294, otherwise),
      {
        unset: `what \`${prefix}garp_master_delay\` says`,
      },
    ),
    single(
      `${prefix}garp_lower_prio_repeat`,
      "How often each address is announced after an advert of lower priority.",
      "COUNT",
      integer(0, intMax, otherwise),
      {
        unset: `what \`${prefix}garp_master_repeat\` says`,
      },
    ),
  ];
}
