// Interfaces whose changes count only when they last [interface_up_down_delays]. What is followed is the
// interface as it counts; whether packets can be sent is another question, and has no delay.

import type { LinkDelay } from "../../model/vrrp-wish.ts";
import type { LinkCondition } from "../tracked.ts";

/** The time has come, and been told; whoever looks next counts the change. */
const OVERDUE = Number.NEGATIVE_INFINITY;

interface Delayed {
  readonly delay: LinkDelay;
  counted: LinkCondition;
  /** When a change that has been seen counts. */
  changesAtMs: number | undefined;
}

export class LinkDelays {
  #delays: ReadonlyMap<string, LinkDelay> = new Map();
  readonly #delayed = new Map<string, Delayed>();

  /** Takes over the delays; what waits for another delay begins anew. */
  configure(delays: readonly LinkDelay[]): void {
    this.#delays = new Map(delays.map((delay) => [delay.interface, delay]));
    for (const [name, { delay }] of this.#delayed) {
      const wished = this.#delays.get(name);
      if (wished?.downMs !== delay.downMs || wished.upMs !== delay.upMs) this.#delayed.delete(name);
    }
  }

  /** An interface as it counts at this moment. One that does not exist counts so at once. */
  count(name: string, actual: LinkCondition | undefined, nowMs: number): LinkCondition | undefined {
    const delay = this.#delays.get(name);
    if (delay === undefined) return actual;
    if (actual === undefined) {
      this.#delayed.delete(name);
      return undefined;
    }
    const known = this.#delayed.get(name);
    if (known === undefined) {
      this.#delayed.set(name, { delay, counted: actual, changesAtMs: undefined });
      return actual;
    }
    const usable = isUsable(actual);
    if (usable === isUsable(known.counted)) {
      known.counted = actual;
      known.changesAtMs = undefined;
      return actual;
    }
    known.changesAtMs ??= nowMs + (usable ? delay.upMs : delay.downMs);
    if (nowMs < known.changesAtMs) return known.counted;
    known.counted = actual;
    known.changesAtMs = undefined;
    return actual;
  }

  /** When a change that has been seen counts; undefined: none waits. */
  wakeAtMs(): number | undefined {
    let earliest: number | undefined;
    for (const { changesAtMs = OVERDUE } of this.#delayed.values())
      if (changesAtMs !== OVERDUE && changesAtMs < (earliest ?? Number.POSITIVE_INFINITY))
        earliest = changesAtMs;
    return earliest;
  }

  /** True once for changes whose time has come: then everything that follows interfaces is to be judged. */
  takeDue(nowMs: number): boolean {
    let due = false;
    for (const delayed of this.#delayed.values()) {
      const { changesAtMs = OVERDUE } = delayed;
      if (changesAtMs === OVERDUE || nowMs < changesAtMs) continue;
      delayed.changesAtMs = OVERDUE;
      due = true;
    }
    return due;
  }
}

function isUsable({ up, carrier }: LinkCondition): boolean {
  return up && carrier;
}
