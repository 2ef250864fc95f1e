// Reloads, one at a time. Who asks while one is under way waits for the next, because the file may have
// been written after it was read; who asks while one waits gets that one.

import type { ReloadOutcome } from "./director-contract.ts";

const ending: ReloadOutcome = { ok: false, text: "the director is ending" };

export class ReloadTurns {
  readonly #onDone: () => void;
  /** The last one that has begun or waits. */
  #last: Promise<unknown> = Promise.resolve();
  /** The one that waits. */
  #waiting: Promise<ReloadOutcome> | undefined;
  /** True: no more work begins. */
  ending = false;

  /** `onDone` is called after each. */
  constructor(onDone: () => void) {
    this.#onDone = onDone;
  }

  /** Work that reads the file when its turn comes: asked for twice, it is done once. */
  join(work: () => Promise<ReloadOutcome>): Promise<ReloadOutcome> {
    this.#waiting ??= this.#after(this.#last, () => {
      this.#waiting = undefined;
      return work();
    });
    this.#last = this.#waiting;
    return this.#waiting;
  }

  /** Work of its own, after what is under way. */
  queue(work: () => Promise<ReloadOutcome>): Promise<ReloadOutcome> {
    const outcome = this.#after(this.#last, work);
    this.#last = outcome;
    return outcome;
  }

  /** Resolves when what is under way is done; nothing begins any more. */
  async end(): Promise<void> {
    this.ending = true;
    await this.#last;
  }

  async #after(
    earlier: Promise<unknown>,
    work: () => Promise<ReloadOutcome>,
  ): Promise<ReloadOutcome> {
    await earlier;
    const outcome = this.ending ? ending : await work();
    this.#onDone();
    return outcome;
  }
}
