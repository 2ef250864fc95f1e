// The machine's clocks.

import type { Clock } from "../world/clock.ts";
import type { Syscalls } from "./ffi/syscalls.ts";

/** CLOCK_MONOTONIC and CLOCK_REALTIME; allocates nothing. */
export function systemClock(syscalls: Syscalls): Clock {
  return {
    nowMs: () => syscalls.monotonicMs(),
    wallMs: () => syscalls.realtimeMs(),
    asleepMs: () => syscalls.asleepMs(),
  };
}
