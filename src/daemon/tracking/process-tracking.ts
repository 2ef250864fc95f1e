// Tracked processes: whether enough of them run, for whoever follows them [vrrp_track_process].

import {
  describeProcesses,
  matchesProcess,
  type ProcessState,
  startProcesses,
  stepProcesses,
} from "../../health/process-tracker.ts";
import type { TrackProcess } from "../../model/tracking.ts";
import type { TrackerResult } from "../../model/vrrp-wish.ts";
import { sameValue } from "../../plan/same-value.ts";
import type { Clock } from "../../world/clock.ts";
import type { Log } from "../../world/log.ts";
import type { ProcessFact, ProcessWatcher, Watch } from "../../world/tracked-things.ts";
import type { Alarm } from "../../world/vrrp-network.ts";

/** What process tracking stands on. */
export interface ProcessTrackingWorld {
  readonly clock: Clock;
  readonly processes: ProcessWatcher;
  openAlarm(onAlarm: () => void): Alarm;
}

/** Takes the result of a tracker. */
export type OnProcessResult = (name: string, result: TrackerResult) => void;

interface Followed {
  readonly tracker: TrackProcess;
  state: ProcessState;
  told: string | undefined;
}

export class ProcessTracking {
  readonly #world: ProcessTrackingWorld;
  readonly #log: Log;
  readonly #onResult: OnProcessResult;
  #followed = new Map<string, Followed>();
  #facts: readonly ProcessFact[] = [];
  #watch: Watch | undefined;
  #alarm: Alarm | undefined;

  constructor(world: ProcessTrackingWorld, log: Log, onResult: OnProcessResult) {
    this.#world = world;
    this.#log = log;
    this.#onResult = onResult;
  }

  /** Takes over a list of trackers. Nothing is looked at while there is none. */
  configure(trackers: readonly TrackProcess[]): void {
    if (trackers.length === 0) {
      this.stop();
      return;
    }
    this.#alarm ??= this.#world.openAlarm(() => this.#step());
    this.#watch ??= this.#world.processes.watch(
      (facts) => {
        this.#facts = facts;
        this.#step();
      },
      (fact) => this.#isFollowed(fact),
    );
    const before = this.#followed;
    this.#followed = new Map(
      trackers.map((tracker) => {
        const known = before.get(tracker.name);
        if (known !== undefined && sameValue(known.tracker, tracker)) return [tracker.name, known];
        const state = startProcesses(tracker, this.#count(tracker));
        return [tracker.name, { tracker, state, told: undefined }];
      }),
    );
    this.#step();
  }

  stop(): void {
    this.#watch?.close();
    this.#watch = undefined;
    this.#alarm?.close();
    this.#alarm = undefined;
    this.#followed.clear();
  }

  #isFollowed(fact: ProcessFact): boolean {
    for (const { tracker } of this.#followed.values())
      if (matchesProcess(tracker, fact)) return true;
    return false;
  }

  #count(tracker: TrackProcess): number {
    let count = 0;
    for (const fact of this.#facts) if (matchesProcess(tracker, fact)) count++;
    return count;
  }

  #step(): void {
    const nowMs = this.#world.clock.nowMs();
    let earliestMs: number | undefined;
    for (const followed of this.#followed.values()) {
      const { tracker } = followed;
      followed.state = stepProcesses(tracker, followed.state, this.#count(tracker), nowMs);
      const { changesAtMs } = followed.state;
      if (changesAtMs !== undefined && changesAtMs < (earliestMs ?? Number.POSITIVE_INFINITY))
        earliestMs = changesAtMs;
      this.#tell(followed);
    }
    this.#alarm?.set(earliestMs);
  }

  #tell(followed: Followed): void {
    const { tracker, state } = followed;
    const text = describeProcesses(tracker, state);
    const key = `${state.up} ${text}`;
    if (followed.told === key) return;
    const wasUp = followed.told?.startsWith("true");
    const first = followed.told === undefined;
    followed.told = key;
    const { name, weight, reverse } = tracker;
    this.#onResult(name, { up: state.up, weight, reverse, text });
    if (!first && wasUp === state.up) return;
    this.#log.write({
      level: state.up ? "notice" : "warning",
      kind: state.up ? "process-up" : "process-down",
      text: `vrrp_track_process ${name}: ${state.up ? "up" : "down"}: ${text}`,
    });
  }
}
