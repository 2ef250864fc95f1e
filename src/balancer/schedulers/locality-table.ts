// What lblc and lblcr remember of the addresses that clients ask for, and how it is forgotten: looked
// through every 30 minutes, or every minute while there is too much of it.

import type { IpAddress } from "../../base/address.ts";

const TICK_MS = 60_000;
const TICKS_A_FULL_CHECK = 30;
/** Above so many entries those that were not used for a while go before their time. */
const ENTRIES_MAX = 16_384;
const IDLE_MS = 6 * 60_000;

/** At least what an entry must have. */
export interface Locality {
  usedAtMs: number;
}

/** Entries by address. Its minutes begin with the first look into it. */
export class LocalityTable<Entry extends Locality> {
  readonly #entries = new Map<IpAddress, Entry>();
  #tickedAtMs: number | undefined;
  #ticks = 1;

  get size(): number {
    return this.#entries.size;
  }

  /** The entry of an address, used from now on. */
  use(address: IpAddress, nowMs: number, expirationMs: number): Entry | undefined {
    this.#catchUp(nowMs, expirationMs);
    const entry = this.#entries.get(address);
    if (entry !== undefined) entry.usedAtMs = nowMs;
    return entry;
  }

  put(address: IpAddress, entry: Entry): void {
    this.#entries.set(address, entry);
  }

  #catchUp(nowMs: number, expirationMs: number): void {
    this.#tickedAtMs ??= nowMs;
    while (nowMs - this.#tickedAtMs >= TICK_MS) {
      this.#tickedAtMs += TICK_MS;
      if (this.#ticks % TICKS_A_FULL_CHECK === 0) {
        this.#forget(this.#tickedAtMs - expirationMs, Number.POSITIVE_INFINITY);
        this.#ticks = 1;
      } else if (this.#entries.size > ENTRIES_MAX) {
        const excess = Math.floor(((this.#entries.size - ENTRIES_MAX) * 4) / 3);
        this.#forget(this.#tickedAtMs - IDLE_MS, Math.min(excess, ENTRIES_MAX / 2));
      } else {
        this.#ticks++;
      }
    }
  }

  /** Forgets what was last used at `untilMs` or before, at most `count` entries. */
  #forget(untilMs: number, count: number): void {
    let left = count;
    for (const [address, entry] of this.#entries) {
      if (left <= 0) return;
      if (entry.usedAtMs > untilMs) continue;
      this.#entries.delete(address);
      left--;
    }
  }
}
