// Timers of checks. Each may stand in the check, in its real_server or in its virtual_server; the innermost
// counts.

import type { CheckTiming } from "../../../model/virtual-server.ts";
import { integer, type KeywordTable, seconds } from "./keyword.ts";
import type { Draft } from "./lowering.ts";

/** The timers that one block names. */
export interface TimingDraft {
  delayLoopMs?: number;
  connectTimeoutMs?: number;
  retries?: number;
  delayBeforeRetryMs?: number;
  warmupMs?: number;
}

const longestS = 4_294_967;

/** The table; `retry 0` is a check's own, the enclosing blocks want at least 1. */
export function timingKeywords<Target extends Draft & TimingDraft>(
  retriesMin: 0 | 1,
): KeywordTable<Target> {
  const otherwise = "the default counts";
  return {
    delay_loop: seconds<Target>({ min: 0.000_001, max: longestS, otherwise }, (draft, value) => {
      draft.delayLoopMs = value;
    }),
    connect_timeout: seconds<Target>(
      { min: 0.000_001, max: longestS, otherwise },
      (draft, value) => {
        draft.connectTimeoutMs = value;
      },
    ),
    retry: integer<Target>({ min: retriesMin, max: 4_294_967_295, otherwise }, (draft, value) => {
      draft.retries = value;
    }),
    delay_before_retry: seconds<Target>({ min: 0, max: longestS, otherwise }, (draft, value) => {
      draft.delayBeforeRetryMs = value;
    }),
    warmup: seconds<Target>({ min: 0, max: longestS, otherwise }, (draft, value) => {
      draft.warmupMs = value;
    }),
  };
}

/** The timers of a check: `levels` from the innermost outwards, then keepalived's defaults. */
export function finishTiming(
  kind: "TCP_CHECK" | "HTTP_GET",
  levels: readonly TimingDraft[],
): CheckTiming {
  const find = (pick: (level: TimingDraft) => number | undefined): number | undefined => {
    for (const level of levels) {
      const value = pick(level);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const delayLoopMs = find((level) => level.delayLoopMs) ?? 60_000;
  return {
    delayLoopMs,
    connectTimeoutMs: find((level) => level.connectTimeoutMs) ?? 5000,
    retries: find((level) => level.retries) ?? 1,
    delayBeforeRetryMs:
      find((level) => level.delayBeforeRetryMs) ?? (kind === "HTTP_GET" ? 3000 : 1000),
    warmupMs: find((level) => level.warmupMs) ?? delayLoopMs,
  };
}
