// Notices that the machine has slept: whoever did knows nothing of the others any more.

import type { Clock } from "../../world/clock.ts";

/** A sleep that is shorter may be the difference of two readings. */
const ASLEEP_MIN_MS = 50;

export class SleepWatch {
  readonly #clock: Clock;
  #asleepMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#asleepMs = clock.asleepMs?.() ?? 0;
  }

  /** How long the machine has slept since the last call; undefined: it has not. */
  slept(): number | undefined {
    const asleepMs = this.#clock.asleepMs?.() ?? 0;
    const sleptMs = asleepMs - this.#asleepMs;
    this.#asleepMs = asleepMs;
    return sleptMs < ASLEEP_MIN_MS ? undefined : sleptMs;
  }
}
