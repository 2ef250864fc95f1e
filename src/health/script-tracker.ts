// One tracking script [vrrp_script]: when it runs, and what its exits mean. Pure; the runs
// themselves happen outside.
//
// keepalived's rules: exit status 0 is a success, everything else a failure. The first exit decides
// at once. After that `fall` failures in a row make it down and `rise` successes in a row up.

import type { VrrpScript } from "../model/vrrp-instance.ts";

/** null: no exit seen yet. */
export type ScriptVerdict = boolean | null;

export interface ScriptState {
  readonly up: ScriptVerdict;
  /** Exits in a row that speak against `up`. */
  readonly against: number;
  /** The last exit, for people. */
  readonly text: string;
  readonly running: boolean;
  /** Next start; while a run lasts, starts that fall due are skipped. */
  readonly runAtMs: number;
}

export type ScriptEvent =
  | { readonly kind: "clock-reached" }
  /** A run ended; `text` says how: `exit status 2`. */
  | { readonly kind: "run-ended"; readonly success: boolean; readonly text: string };

export interface ScriptStep {
  readonly state: ScriptState;
  /** True: start a run at this moment. */
  readonly run: boolean;
}

/** A script that runs at once; with `init_fail` it counts as failed until it has succeeded. */
export function startScript(script: VrrpScript, nowMs: number): ScriptState {
  return {
    up: script.initFail ? false : null,
    against: 0,
    text: script.initFail ? "has not succeeded yet (init_fail)" : "has not ended yet",
    running: false,
    runAtMs: nowMs,
  };
}

/** When the script wants to hear of the clock; undefined: only the end of the run counts. */
export function scriptWakeAtMs(state: ScriptState): number | undefined {
  return state.running ? undefined : state.runAtMs;
}

/** One input. */
export function stepScript(
  script: VrrpScript,
  state: ScriptState,
  event: ScriptEvent,
  nowMs: number,
): ScriptStep {
  switch (event.kind) {
    case "clock-reached": {
      if (state.running || nowMs < state.runAtMs) return { state, run: false };
      return { state: { ...state, running: true, runAtMs: nowMs + script.intervalMs }, run: true };
    }
    case "run-ended": {
      if (!state.running) return { state, run: false };
      const judged = judge(script, state, event.success);
      const runAtMs = nextStart(script, state.runAtMs, nowMs);
      return { state: { ...judged, text: event.text, running: false, runAtMs }, run: false };
    }
  }
}

function judge(script: VrrpScript, state: ScriptState, success: boolean): ScriptState {
  if (state.up === null) return { ...state, up: success, against: 0 };
  if (success === state.up) return { ...state, against: 0 };
  const against = state.against + 1;
  const needed = success ? script.rise : script.fall;
  if (against < needed) return { ...state, against };
  return { ...state, up: success, against: 0 };
}

/** The next beat of the interval that is not past: a long run skips beats and makes up for none. */
function nextStart(script: VrrpScript, runAtMs: number, nowMs: number): number {
  if (runAtMs >= nowMs) return runAtMs;
  const beats = Math.ceil((nowMs - runAtMs) / script.intervalMs);
  return runAtMs + beats * script.intervalMs;
}
