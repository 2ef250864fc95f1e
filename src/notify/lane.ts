// One lane: its jobs are done one after the other, in the order in which they came. A job that could not be done for
// now is tried again and holds back those behind it. The lane is bounded: the oldest waiting job makes room, and that
// is said. Pure; times are milliseconds of one clock.

import type { Job } from "./job.ts";

/** A job in a lane. */
export interface LaneEntry {
  readonly id: number;
  readonly job: Job;
  /** Not tried again after this time; absent: for as long as it takes. */
  readonly expiresAtMs?: number;
}

export interface LaneSettings {
  /** More jobs than this do not wait; at least 1. */
  readonly waitingMax: number;
  /** Pauses before the first, second ... further attempt; the last one goes on counting. At least one. */
  readonly retryDelaysMs: readonly number[];
}

export interface LaneState {
  readonly waiting: readonly LaneEntry[];
  /** The job under way, or the one that waits for its next attempt. */
  readonly current?: { readonly entry: LaneEntry; readonly retryAtMs?: number };
  /** Attempts in a row that were put off. */
  readonly failures: number;
}

export type LaneEvent =
  | { readonly kind: "submitted"; readonly entry: LaneEntry }
  /** `again`: not now. */
  | { readonly kind: "ended"; readonly id: number; readonly outcome: "done" | "again" }
  | { readonly kind: "clock-reached" };

export type LaneDeed =
  | { readonly kind: "begin"; readonly entry: LaneEntry }
  /** Nothing more will be done about it; `done` is what came of it. */
  | { readonly kind: "finish"; readonly entry: LaneEntry; readonly done: boolean }
  /** It never began: too many waited. */
  | { readonly kind: "drop"; readonly entry: LaneEntry };

export interface LaneStep {
  readonly state: LaneState;
  readonly deeds: readonly LaneDeed[];
}

/** A lane without jobs. */
export const emptyLane: LaneState = { waiting: [], failures: 0 };

/** When the lane wants to hear of the clock; undefined: never. */
export function laneWakeAtMs(state: LaneState): number | undefined {
  return state.current?.retryAtMs;
}

/** Jobs that are not finished. */
export function laneLength(state: LaneState): number {
  return state.waiting.length + (state.current === undefined ? 0 : 1);
}

/** One input. */
export function stepLane(
  settings: LaneSettings,
  state: LaneState,
  event: LaneEvent,
  nowMs: number,
): LaneStep {
  switch (event.kind) {
    case "submitted":
      return submit(settings, state, event.entry);
    case "ended": {
      const entry = state.current?.entry;
      if (entry?.id !== event.id) return { state, deeds: [] };
      return event.outcome === "done"
        ? next({ ...state, failures: 0 }, [{ kind: "finish", entry, done: true }])
        : putOff(settings, state, entry, nowMs);
    }
    case "clock-reached": {
      const { current } = state;
      if (current?.retryAtMs === undefined || nowMs < current.retryAtMs)
        return { state, deeds: [] };
      const { entry } = current;
      return { state: { ...state, current: { entry } }, deeds: [{ kind: "begin", entry }] };
    }
  }
}

function submit(settings: LaneSettings, state: LaneState, entry: LaneEntry): LaneStep {
  if (state.current === undefined)
    return { state: { ...state, current: { entry } }, deeds: [{ kind: "begin", entry }] };
  const waiting = [...state.waiting, entry];
  const [oldest] = waiting;
  if (waiting.length <= settings.waitingMax || oldest === undefined)
    return { state: { ...state, waiting }, deeds: [] };
  return {
    state: { ...state, waiting: waiting.slice(1) },
    deeds: [{ kind: "drop", entry: oldest }],
  };
}

function putOff(
  settings: LaneSettings,
  state: LaneState,
  entry: LaneEntry,
  nowMs: number,
): LaneStep {
  const failures = state.failures + 1;
  const delays = settings.retryDelaysMs;
  const retryAtMs = nowMs + (delays[Math.min(failures, delays.length) - 1] ?? 0);
  const { expiresAtMs } = entry;
  if (expiresAtMs === undefined || retryAtMs <= expiresAtMs)
    return { state: { ...state, current: { entry, retryAtMs }, failures }, deeds: [] };
  return next({ ...state, failures }, [{ kind: "finish", entry, done: false }]);
}

function next(state: LaneState, deeds: readonly LaneDeed[]): LaneStep {
  const [entry, ...waiting] = state.waiting;
  const { current: _ended, ...rest } = state;
  if (entry === undefined) return { state: rest, deeds };
  return {
    state: { ...rest, waiting, current: { entry } },
    deeds: [...deeds, { kind: "begin", entry }],
  };
}
