// An alarm on a Node timer: good to a millisecond or two, without the addon.

import type { Clock } from "../../world/clock.ts";
import type { Alarm } from "../../world/vrrp-network.ts";

/** Longest delay that setTimeout takes; later times are approached in steps. */
const delayMaxMs = 2 ** 31 - 1;

/** Opens an alarm that is not set. `onAlarm` is called never before the time that `set` named. */
export function openTimerAlarm(clock: Clock, onAlarm: () => void): Alarm {
  let timer: NodeJS.Timeout | undefined;
  const arm = (atMs: number): void => {
    const delayMs = Math.min(Math.max(Math.ceil(atMs - clock.nowMs()), 0), delayMaxMs);
    timer = setTimeout(() => {
      // Node's timers may be a fraction of a millisecond early.
      if (clock.nowMs() < atMs) arm(atMs);
      else onAlarm();
    }, delayMs);
  };
  return {
    set(atMs) {
      clearTimeout(timer);
      timer = undefined;
      if (atMs !== undefined) arm(atMs);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
