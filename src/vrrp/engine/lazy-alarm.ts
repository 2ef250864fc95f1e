// An alarm that is only set when it would ring at another time: setting it is a system call.

import type { Alarm } from "../../world/vrrp-network.ts";
import type { EngineWorld } from "./output.ts";

/** Opens the alarm of a world. */
export function openLazyAlarm(world: EngineWorld, onAlarm: () => void): Alarm {
  /** What it is set to; undefined: it has rung since, or was never set. */
  let setAtMs: number | undefined;
  const alarm = world.openAlarm(() => {
    setAtMs = undefined;
    onAlarm();
  });
  return {
    set(atMs) {
      if (atMs !== undefined && atMs === setAtMs) return;
      setAtMs = atMs;
      alarm.set(atMs);
    },
    close: () => alarm.close(),
  };
}
