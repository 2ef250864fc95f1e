// The clock of one machine: it may run fast or slow, stands still while the machine is frozen, and
// its wall clock may be set.

import type { VirtualTime } from "./virtual-time.ts";

const WALL_START_MS = 1_700_000_000_000;

export class HostClock {
  readonly #time: VirtualTime;
  readonly #rate: number;
  readonly #startMs: number;
  /** True time that the machine has spent frozen. */
  #lostMs = 0;
  #frozenAtMs = 0;
  #frozenUntilMs = 0;
  /** The clock never shows less than what it has shown. */
  #shownMs = 0;
  /** What of the lost time the machine knows of. */
  #asleepMs = 0;
  #wallOffsetMs = WALL_START_MS;

  constructor(time: VirtualTime, rate: number, startMs: number) {
    this.#time = time;
    this.#rate = rate;
    this.#startMs = startMs;
  }

  /** Monotonic milliseconds, as the processes of the machine see them. */
  get nowMs(): number {
    const trueMs = this.frozen ? this.#frozenAtMs : this.#time.nowMs;
    this.#shownMs = Math.max(
      this.#shownMs,
      this.#startMs + (trueMs - this.#lost(trueMs)) * this.#rate,
    );
    return this.#shownMs;
  }

  get wallMs(): number {
    return this.#wallOffsetMs + this.nowMs;
  }

  get frozen(): boolean {
    return this.#time.nowMs < this.#frozenUntilMs;
  }

  /** True time; in the past while the machine runs. */
  get frozenUntilMs(): number {
    return this.#frozenUntilMs;
  }

  /** Stands still from now on; a second freeze can only make the first one longer. */
  freeze(durationMs: number, suspended: boolean): void {
    const nowMs = this.#time.nowMs;
    if (!this.frozen) {
      this.#lostMs += this.#frozenUntilMs - this.#frozenAtMs;
      this.#frozenAtMs = nowMs;
      this.#frozenUntilMs = nowMs;
    }
    const untilMs = Math.max(this.#frozenUntilMs, nowMs + durationMs);
    if (suspended) this.#asleepMs += untilMs - this.#frozenUntilMs;
    this.#frozenUntilMs = untilMs;
  }

  /** How long the machine has been suspended. */
  get asleepMs(): number {
    return this.#asleepMs;
  }

  /** Sets the wall clock forward or back. Nothing that measures time may notice. */
  stepWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** The true time at which this clock shows `atMs`, unless the machine is frozen in between. */
  trueTime(atMs: number): number {
    const runningMs = (atMs - this.#startMs) / this.#rate;
    return runningMs + this.#lostMs + (this.#frozenUntilMs - this.#frozenAtMs);
  }

  /** True when the clock shows `atMs`; what is missing by rounding alone is made up. */
  reach(atMs: number): boolean {
    if (this.nowMs >= atMs) return true;
    if (atMs - this.nowMs > 1e-6) return false;
    this.#shownMs = atMs;
    return true;
  }

  #lost(trueMs: number): number {
    return this.#lostMs + (trueMs > this.#frozenAtMs ? this.#frozenUntilMs - this.#frozenAtMs : 0);
  }
}
