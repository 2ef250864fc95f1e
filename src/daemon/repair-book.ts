// The repairs that a director remembers. What is found again and again, as often as the kernel is
// looked at, is one entry with a count: it would push everything else off the page.

import type { RepairRecord } from "../model/status.ts";
import type { Log } from "../world/log.ts";
import { describeRepeats, RepeatLimiter } from "./repeat-limiter.ts";

const repairsMax = 100;
/** The same finding within this time of its last one is a repetition. */
const repeatWithinMs = 60_000;
/** A repetition is logged this often at most. */
const logGapMs = 60_000;

/** Repairs in the order of their last time. */
export class RepairBook {
  readonly #log: Log;
  readonly #limiter = new RepeatLimiter(logGapMs);
  #records: RepairRecord[] = [];

  constructor(log: Log) {
    this.#log = log;
  }

  get records(): readonly RepairRecord[] {
    return this.#records;
  }

  /** Notes a repair, and logs it unless it repeats what was logged a moment ago. */
  add(record: RepairRecord): void {
    const { atMs, found, done, ok } = record;
    const before = this.#records.find(
      (one) =>
        one.found === found && one.ok === ok && atMs - (one.lastAtMs ?? one.atMs) < repeatWithinMs,
    );
    const others = this.#records.filter((one) => one !== before);
    const entry: RepairRecord =
      before === undefined
        ? record
        : { ...record, atMs: before.atMs, lastAtMs: atMs, count: (before.count ?? 1) + 1 };
    this.#records = [...others, entry].slice(-repairsMax);
    const times = this.#limiter.admit(`${ok} ${found}`, atMs);
    if (times === undefined) return;
    const again = describeRepeats(times);
    this.#log.write(
      ok
        ? { level: "warning", kind: "repair", text: `${found}; repaired: ${done}${again}` }
        : {
            level: "error",
            kind: "repair-failed",
            text: `${found}; not repaired: ${done}${again}`,
          },
    );
  }
}
