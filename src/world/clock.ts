// Time comes from outside.

/** Monotonic milliseconds (fractions allowed) for timers; wall-clock milliseconds for people. */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
  /** How long the machine has slept since it was started, which `nowMs` does not count. Absent: never. */
  asleepMs?(): number;
}
