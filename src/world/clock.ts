// Time comes from outside.

/** Monotonic milliseconds (fractions allowed) for timers; wall-clock milliseconds for people. */
export interface Clock {
  nowMs(): number;
  wallMs(): number;
}
