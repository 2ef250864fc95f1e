// News that repeats: told at once, and from then on once in a while with its count.

/** Something that was not told for this long is forgotten, and news again. */
const forgetMs = 60_000;
/** News that are remembered; the oldest go first. */
const rememberedMax = 1000;

interface Entry {
  toldAtMs: number;
  lastAtMs: number;
  /** Since it was told last. */
  untold: number;
}

/** Decides which repetitions are told. */
export class RepeatLimiter {
  readonly #gapMs: number;
  readonly #entries = new Map<string, Entry>();

  /** `gapMs`: how often at most the same is told. */
  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** How often it happened since it was told last, this time included; undefined: not to be told now. */
  admit(key: string, nowMs: number): number | undefined {
    const known = this.#entries.get(key);
    if (known === undefined || nowMs - known.lastAtMs >= Math.max(forgetMs, this.#gapMs)) {
      this.#entries.delete(key);
      this.#entries.set(key, { toldAtMs: nowMs, lastAtMs: nowMs, untold: 0 });
      for (const oldest of this.#entries.keys()) {
        if (this.#entries.size <= rememberedMax) break;
        this.#entries.delete(oldest);
      }
      return 1;
    }
    known.untold++;
    known.lastAtMs = nowMs;
    if (nowMs - known.toldAtMs < this.#gapMs) return undefined;
    const { untold } = known;
    known.toldAtMs = nowMs;
    known.untold = 0;
    return untold;
  }
}

/** ` (5 times since it was told last)`, or nothing for the first time. */
export function describeRepeats(times: number): string {
  return times > 1 ? ` (${times} times since it was told last)` : "";
}
