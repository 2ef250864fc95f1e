// Timers of checks. Each may stand in the check, in its real_server or in its virtual_server; the innermost
// counts.

import type { CheckTiming } from "../../../model/virtual-server.ts";
import type { Setting } from "../section.ts";
import { asNumber } from "./setting-values.ts";

/** The timers that one block names. Every field stands there from the start: large files have many drafts. */
export interface TimingDraft {
  delayLoopMs: number | undefined;
  connectTimeoutMs: number | undefined;
  retries: number | undefined;
  delayBeforeRetryMs: number | undefined;
  warmupMs: number | undefined;
}

/** Takes a timer of a block; false when the keyword is none. */
export function takeTimer(target: TimingDraft, keyword: string, setting: Setting): boolean {
  const value = asNumber(setting.values[0]);
  switch (keyword) {
    case "delay_loop":
      if (value !== undefined) target.delayLoopMs = value;
      return true;
    case "connect_timeout":
      if (value !== undefined) target.connectTimeoutMs = value;
      return true;
    case "retry":
      if (value !== undefined) target.retries = value;
      return true;
    case "delay_before_retry":
      if (value !== undefined) target.delayBeforeRetryMs = value;
      return true;
    case "warmup":
      if (value !== undefined) target.warmupMs = value;
      return true;
    default:
      return false;
  }
}

/** The timers of a check: from the innermost level outwards, then keepalived's defaults. */
export function finishTiming(
  kind: string,
  check: TimingDraft,
  server: TimingDraft,
  service: TimingDraft,
): CheckTiming {
  const delayLoopMs = check.delayLoopMs ?? server.delayLoopMs ?? service.delayLoopMs ?? 60_000;
  return {
    delayLoopMs,
    connectTimeoutMs:
      check.connectTimeoutMs ?? server.connectTimeoutMs ?? service.connectTimeoutMs ?? 5000,
    retries: check.retries ?? server.retries ?? service.retries ?? retriesOf(kind),
    delayBeforeRetryMs:
      check.delayBeforeRetryMs ??
      server.delayBeforeRetryMs ??
      service.delayBeforeRetryMs ??
      delayBeforeRetryOf(kind, delayLoopMs),
    warmupMs: check.warmupMs ?? server.warmupMs ?? service.warmupMs ?? delayLoopMs,
  };
}

/** True when two checks have the same timers. */
export function sameTiming(a: CheckTiming, b: CheckTiming): boolean {
  return (
    a.delayLoopMs === b.delayLoopMs &&
    a.connectTimeoutMs === b.connectTimeoutMs &&
    a.retries === b.retries &&
    a.delayBeforeRetryMs === b.delayBeforeRetryMs &&
    a.warmupMs === b.warmupMs
  );
}

function retriesOf(kind: string): number {
  if (kind === "DNS_CHECK") return 3;
  return kind === "MISC_CHECK" ? 0 : 1;
}

function delayBeforeRetryOf(kind: string, delayLoopMs: number): number {
  if (kind === "DNS_CHECK") return delayLoopMs;
  return kind === "HTTP_GET" || kind === "SSL_GET" ? 3000 : 1000;
}
