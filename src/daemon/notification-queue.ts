// The jobs of all lanes: begins them, tries again those that could not be done, and notes what is finished.
// What the machine of a lane decides is carried out here; what a job does is the caller's.

import type { Job } from "../notify/job.ts";
import {
  emptyLane,
  type LaneDeed,
  type LaneEntry,
  type LaneEvent,
  type LaneState,
  laneLength,
  laneWakeAtMs,
  stepLane,
} from "../notify/lane.ts";
import { lanePolicy } from "../notify/lane-policy.ts";
import type { Clock } from "../world/clock.ts";
import type { Alarm } from "../world/vrrp-network.ts";
import type { JournalEntry, RunningMark } from "./notification-journal.ts";

/** What came of an attempt. */
export type JobOutcome = "done" | "again";

export interface QueueParts {
  readonly clock: Clock;
  openAlarm(onAlarm: () => void): Alarm;
  /** One attempt. `onEnd` is called once, perhaps before this returns. */
  begin(entry: QueueEntry, onEnd: (outcome: JobOutcome) => void): void;
  /** Nothing more is done about it; false: it was given up. */
  onFinished(entry: QueueEntry, how: "done" | "expired" | "dropped"): void;
}

export interface QueueEntry extends LaneEntry {
  /** Wall clock of its submission. */
  readonly atMs: number;
  /** A program that an earlier process began. */
  readonly running?: RunningMark;
}

/** Programs that run at the same moment, over all lanes. */
const runningMax = 64;

export class NotificationQueue {
  readonly #parts: QueueParts;
  readonly #alarm: Alarm;
  readonly #lanes = new Map<string, LaneState>();
  /** Programs that wait for others to end. */
  readonly #held: QueueEntry[] = [];
  /** Events that arrived while one was being carried out. */
  readonly #events: { readonly lane: string; readonly event: LaneEvent }[] = [];
  #busy = false;
  #running = 0;
  #closed = false;
  /** Those who wait for jobs to be finished. */
  readonly #watchers = new Set<() => void>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#alarm = parts.openAlarm(() => this.#onAlarm());
  }

  /** Takes jobs in their order. */
  submit(entries: readonly JournalEntry[]): void {
    for (const { id, job, atMs, running } of entries) {
      const { lifeMs } = lanePolicy(job);
      const ageMs = Math.max(0, this.#parts.clock.wallMs() - atMs);
      const entry: QueueEntry = {
        id,
        job,
        atMs,
        ...(running === undefined ? {} : { running }),
        ...(lifeMs === undefined
          ? {}
          : { expiresAtMs: this.#parts.clock.nowMs() + lifeMs - ageMs }),
      };
      this.#event(job.lane, { kind: "submitted", entry });
    }
  }

  /** Jobs that are not finished. */
  get length(): number {
    let sum = 0;
    for (const lane of this.#lanes.values()) sum += laneLength(lane);
    return sum;
  }

  /** Resolves when the wanted jobs are finished, or after a time. */
  async drain(timeoutMs: number, wanted: (job: Job) => boolean): Promise<void> {
    let patience: NodeJS.Timeout | undefined;
    const isDone = (): boolean => !this.left.some(({ job }) => wanted(job));
    if (!isDone())
      await new Promise<void>((resolve) => {
        const look = (): void => {
          if (!isDone()) return;
          this.#watchers.delete(look);
          resolve();
        };
        this.#watchers.add(look);
        patience = setTimeout(() => {
          this.#watchers.delete(look);
          resolve();
        }, timeoutMs);
      });
    clearTimeout(patience);
  }

  /** What is not finished, lane by lane. */
  get left(): readonly LaneEntry[] {
    return [...this.#lanes.values()].flatMap(({ current, waiting }) =>
      current === undefined ? waiting : [current.entry, ...waiting],
    );
  }

  /** Tries at once what waits for its next attempt. */
  hurry(): void {
    for (const lane of [...this.#lanes.keys()]) this.#clock(lane, Number.POSITIVE_INFINITY);
  }

  /** Begins nothing any more. */
  close(): void {
    this.#closed = true;
    this.#alarm.close();
  }

  #onAlarm(): void {
    const nowMs = this.#parts.clock.nowMs();
    for (const lane of [...this.#lanes.keys()]) this.#clock(lane, nowMs);
  }

  #clock(lane: string, nowMs: number): void {
    const wakeAtMs = laneWakeAtMs(this.#lanes.get(lane) ?? emptyLane);
    if (wakeAtMs !== undefined && wakeAtMs <= nowMs)
      this.#event(lane, { kind: "clock-reached" }, nowMs);
  }

  /** One event at a time: what a job ends with at once must not run within its own beginning. */
  #event(lane: string, event: LaneEvent, nowMs?: number): void {
    if (this.#closed) return;
    if (this.#busy) {
      this.#events.push({ lane, event });
      return;
    }
    this.#busy = true;
    this.#step(lane, event, nowMs);
    while (true) {
      const next = this.#events.shift();
      if (next === undefined) break;
      this.#step(next.lane, next.event);
    }
    this.#busy = false;
    this.#setAlarm();
    for (const look of this.#watchers) look();
  }

  #step(lane: string, event: LaneEvent, nowMs = this.#parts.clock.nowMs()): void {
    const before = this.#lanes.get(lane) ?? emptyLane;
    const job = event.kind === "submitted" ? event.entry.job : before.current?.entry.job;
    if (job === undefined) return;
    const { state, deeds } = stepLane(lanePolicy(job), before, event, nowMs);
    if (laneLength(state) === 0) this.#lanes.delete(lane);
    else this.#lanes.set(lane, state);
    for (const deed of deeds) this.#perform(deed);
  }

  #perform(deed: LaneDeed): void {
    // Entries come from `submit`, which made them.
    const entry = deed.entry as QueueEntry;
    switch (deed.kind) {
      case "begin":
        if (entry.job.kind !== "program") this.#begin(entry);
        else if (this.#running < runningMax) this.#beginProgram(entry);
        else this.#held.push(entry);
        return;
      case "finish":
        this.#parts.onFinished(entry, deed.done ? "done" : "expired");
        return;
      case "drop":
        this.#parts.onFinished(entry, "dropped");
        return;
    }
  }

  #beginProgram(entry: QueueEntry): void {
    this.#running++;
    this.#begin(entry, () => {
      this.#running--;
      const next = this.#held.shift();
      if (next !== undefined && !this.#closed) this.#beginProgram(next);
    });
  }

  #begin(entry: QueueEntry, onEnd: () => void = () => undefined): void {
    this.#parts.begin(entry, (outcome) => {
      onEnd();
      this.#event(entry.job.lane, { kind: "ended", id: entry.id, outcome });
    });
  }

  #setAlarm(): void {
    let earliest: number | undefined;
    for (const lane of this.#lanes.values()) {
      const wakeAtMs = laneWakeAtMs(lane);
      if (wakeAtMs !== undefined && (earliest === undefined || wakeAtMs < earliest))
        earliest = wakeAtMs;
    }
    this.#alarm.set(earliest);
  }
}
