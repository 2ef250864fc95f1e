// What driving health checks takes, beyond the pure machines.

import type { Prng } from "../../base/prng.ts";
import type { Clock } from "../../world/clock.ts";
import type { ProbeNetwork } from "../../world/probe-network.ts";
import type { Alarm } from "../../world/vrrp-network.ts";
import type { Md5 } from "../http-check.ts";

/** What a supervisor needs of the world. */
export interface HealthWorld {
  readonly clock: Clock;
  readonly probes: ProbeNetwork;
  readonly prng: Prng;
  readonly md5: Md5;
  openAlarm(onAlarm: () => void): Alarm;
}
