// Lets few log lines through, however many packets are wrong: one about a topic in a while, and not
// more than some in a while about all of them, so that forged sources cannot make topics without end.

const TOPICS_MAX = 1024;

export class ComplaintLimiter {
  readonly #gapMs: number;
  readonly #linesMax: number;
  readonly #nextAtMs = new Map<string, number>();
  #lines = 0;
  #windowEndsAtMs = 0;
  #suppressed = 0;

  /** At most one line a topic and `linesMax` lines in all within `gapMs`. */
  constructor(gapMs: number, linesMax: number) {
    this.#gapMs = gapMs;
    this.#linesMax = linesMax;
  }

  /** True when a line about `topic` may be written at this time. */
  allows(topic: string, nowMs: number): boolean {
    if (nowMs >= this.#windowEndsAtMs) {
      this.#windowEndsAtMs = nowMs + this.#gapMs;
      this.#lines = 0;
      for (const [known, atMs] of this.#nextAtMs) if (nowMs >= atMs) this.#nextAtMs.delete(known);
    }
    const known = this.#nextAtMs.get(topic);
    const due = known === undefined ? this.#nextAtMs.size < TOPICS_MAX : nowMs >= known;
    if (!due || this.#lines >= this.#linesMax) {
      this.#suppressed++;
      return false;
    }
    this.#lines++;
    this.#nextAtMs.set(topic, nowMs + this.#gapMs);
    return true;
  }

  /** How many lines were not written since the last call. */
  takeSuppressed(): number {
    const count = this.#suppressed;
    this.#suppressed = 0;
    return count;
  }
}
