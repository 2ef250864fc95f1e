// The arithmetic of RFC 3768 and RFC 9568 section 6.1, in milliseconds with fractions: 256ths are
// exact in binary, whole centiseconds are not enough.

import type { VrrpInstance } from "../model/vrrp-instance.ts";

/** The RFCs' number of adverts that must be missing. */
const DOWN_ADVERTS = 3;

/** Skew_Time. Version 3 scales it with the interval; version 2 takes 256ths of a second. */
export function skewMs(version: 2 | 3, priority: number, intervalMs: number): number {
  const scaleMs = version === 2 ? 1000 : intervalMs;
  return ((256 - priority) * scaleMs) / 256;
}

/**
 * Active_Down_Interval (version 2: Master_Down_Interval): how long silence means death. `adverts`
 * of them must be missing, 1..100 [down_timer_adverts].
 */
export function masterDownMs(
  version: 2 | 3,
  priority: number,
  intervalMs: number,
  adverts: number = DOWN_ADVERTS,
): number {
  return adverts * intervalMs + skewMs(version, priority, intervalMs);
}

/** How long an instance waits for a MASTER with this interval before it takes over. */
export function patienceMs(config: VrrpInstance, priority: number, intervalMs: number): number {
  return masterDownMs(config.version, priority, intervalMs, config.options?.downTimerAdverts);
}

/** Before it believes that a MASTER is gone, a router asks it this long ahead: half an interval at most. */
export function queryLeadMs(intervalMs: number): number {
  return Math.min(200, intervalMs / 2);
}

/**
 * How long a stopped MASTER keeps its addresses when no successor is heard: the longest skew that a
 * successor can have, and one advert interval (50 ms to 1 s) for it to act.
 */
export function handoverMs(version: 2 | 3, intervalMs: number): number {
  const lowestPriority = 1;
  return skewMs(version, lowestPriority, intervalMs) + Math.min(1000, Math.max(50, intervalMs));
}
