// Checks that cannot be made here, said once in a while each.

import type { Clock } from "../world/clock.ts";
import type { Log } from "../world/log.ts";
import { describeRepeats, RepeatLimiter } from "./repeat-limiter.ts";

/** A check that cannot be made says so this often at most. */
const gapMs = 600_000;

export class ImpossibleChecks {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limiter = new RepeatLimiter(gapMs);

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  add(check: string, reason: string): void {
    const times = this.#limiter.admit(`${check} ${reason}`, this.#clock.wallMs());
    if (times === undefined) return;
    const text = `check ${check} cannot be made here: ${reason}${describeRepeats(times)}`;
    this.#log.write({ level: "warning", kind: "probe-impossible", text });
  }
}
