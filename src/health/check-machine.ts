// One health check of one real server. The machine decides when to probe and what an answer means;
// it opens no socket and sets no timer. Timing follows keepalived: a server that is up is tried
// again `retries` times after `delayBeforeRetryMs` before it is down; one that is down is up after
// one success, and is tried every `delayLoopMs` until then.

import type { Cause } from "../model/status.ts";
import type { CheckTiming } from "../model/virtual-server.ts";

/** What a check has to know of its configuration. */
export interface CheckConfig {
  readonly timing: CheckTiming;
  /** Longest honest duration of one probe in milliseconds; a probe that is silent longer failed. */
  readonly probeTimeMaxMs: number;
  /** What is checked, for people: `TCP_CHECK of 10.0.0.7:80`. */
  readonly name: string;
}

/** What a check has found out. `failures` counts failed attempts in a row. */
export interface CheckVerdict {
  readonly word: "unknown" | "up" | "down";
  readonly failures: number;
  readonly cause: Cause;
}

export type CheckState =
  | { readonly phase: "waiting"; readonly verdict: CheckVerdict; readonly probeAtMs: number }
  | { readonly phase: "probing"; readonly verdict: CheckVerdict; readonly givenUpAtMs: number }
  | { readonly phase: "stopped"; readonly verdict: CheckVerdict };

export type CheckEvent =
  | { readonly kind: "clock-reached" }
  | { readonly kind: "probe-succeeded"; readonly latencyMs: number }
  | { readonly kind: "probe-failed"; readonly reason: string }
  /** This machine could not probe at all (no descriptors ...): says nothing of the server. */
  | { readonly kind: "probe-impossible"; readonly reason: string }
  | { readonly kind: "stopped" };

export type CheckDeed = { readonly kind: "start-probe" } | { readonly kind: "cancel-probe" };

export interface CheckStep {
  readonly state: CheckState;
  readonly deeds: readonly CheckDeed[];
}

/** A check whose first probe is due after `delayMs`; `verdict` is carried over from an earlier one. */
export function startCheck(nowMs: number, delayMs: number, verdict?: CheckVerdict): CheckState {
  const pending: CheckVerdict = {
    word: "unknown",
    failures: 0,
    cause: { kind: "check-pending", text: "not checked yet" },
  };
  return { phase: "waiting", verdict: verdict ?? pending, probeAtMs: nowMs + delayMs };
}

/** When the check wants to hear of the clock, in the driver's milliseconds; undefined: never. */
export function checkWakeAtMs(state: CheckState): number | undefined {
  switch (state.phase) {
    case "waiting":
      return state.probeAtMs;
    case "probing":
      return state.givenUpAtMs;
    case "stopped":
      return undefined;
  }
}

/** One input. Answers of a probe that is not running are ignored, as are early clocks. */
export function stepCheck(
  config: CheckConfig,
  state: CheckState,
  event: CheckEvent,
  nowMs: number,
): CheckStep {
  if (event.kind === "stopped") return stop(state);
  switch (state.phase) {
    case "waiting":
      if (event.kind !== "clock-reached" || nowMs < state.probeAtMs) return { state, deeds: [] };
      return {
        state: {
          phase: "probing",
          verdict: state.verdict,
          givenUpAtMs: nowMs + config.probeTimeMaxMs,
        },
        deeds: [{ kind: "start-probe" }],
      };
    case "probing":
      return stepProbing(config, state, event, nowMs);
    case "stopped":
      return { state, deeds: [] };
  }
}

function stepProbing(
  config: CheckConfig,
  state: Extract<CheckState, { phase: "probing" }>,
  event: Exclude<CheckEvent, { kind: "stopped" }>,
  nowMs: number,
): CheckStep {
  switch (event.kind) {
    case "probe-succeeded":
      return wait(succeeded(config, state.verdict), nowMs + config.timing.delayLoopMs);
    case "probe-failed":
      return failed(config, state.verdict, event.reason, nowMs);
    case "probe-impossible":
      return wait(state.verdict, nowMs + Math.max(config.timing.delayBeforeRetryMs, 1000));
    case "clock-reached": {
      if (nowMs < state.givenUpAtMs) return { state, deeds: [] };
      // The probe has its own time limits. One that misses them must not freeze the check.
      const reason = `no result within ${config.probeTimeMaxMs} ms`;
      const step = failed(config, state.verdict, reason, nowMs);
      return { state: step.state, deeds: [{ kind: "cancel-probe" }] };
    }
  }
}

function succeeded(config: CheckConfig, verdict: CheckVerdict): CheckVerdict {
  if (verdict.word === "up") return verdict.failures === 0 ? verdict : { ...verdict, failures: 0 };
  const cause: Cause = { kind: "check-succeeded", text: `${config.name} succeeded` };
  return { word: "up", failures: 0, cause };
}

function failed(
  config: CheckConfig,
  verdict: CheckVerdict,
  reason: string,
  nowMs: number,
): CheckStep {
  const { timing } = config;
  if (verdict.word === "down") return wait(verdict, nowMs + timing.delayLoopMs);
  const failures = verdict.failures + 1;
  if (failures <= timing.retries)
    return wait({ ...verdict, failures }, nowMs + timing.delayBeforeRetryMs);
  const attempts = failures === 1 ? "1 attempt" : `${failures} attempts`;
  const cause: Cause = { kind: "check-failed", text: `${reason}, ${attempts}` };
  return wait({ word: "down", failures, cause }, nowMs + timing.delayLoopMs);
}

function wait(verdict: CheckVerdict, probeAtMs: number): CheckStep {
  return { state: { phase: "waiting", verdict, probeAtMs }, deeds: [] };
}

function stop(state: CheckState): CheckStep {
  return {
    state: { phase: "stopped", verdict: state.verdict },
    deeds: state.phase === "probing" ? [{ kind: "cancel-probe" }] : [],
  };
}
