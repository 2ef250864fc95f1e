// When to try again what was refused: at once would burn the processor, never would leave it broken.

const delayFirstMs = 500;
const delayMaxMs = 30_000;

interface Entry {
  readonly attempts: number;
  readonly notBeforeMs: number;
  readonly why: string;
}

/** The refused operations, by what they are about. */
export class RetryBook {
  readonly #entries = new Map<string, Entry>();

  /** How many wait. */
  get count(): number {
    return this.#entries.size;
  }

  isDue(target: string, nowMs: number): boolean {
    const entry = this.#entries.get(target);
    return entry === undefined || nowMs >= entry.notBeforeMs;
  }

  /** Refused once more. `isNews`: for the first time, or for another reason than before. */
  failed(
    target: string,
    why: string,
    nowMs: number,
  ): { readonly isNews: boolean; readonly delayMs: number } {
    const entry = this.#entries.get(target);
    const attempts = (entry?.attempts ?? 0) + 1;
    const delayMs = Math.min(delayFirstMs * 2 ** (attempts - 1), delayMaxMs);
    this.#entries.set(target, { attempts, notBeforeMs: nowMs + delayMs, why });
    return { isNews: entry?.why !== why, delayMs };
  }

  /** It worked; gives how many attempts had been refused. */
  succeeded(target: string): number {
    const attempts = this.#entries.get(target)?.attempts ?? 0;
    this.#entries.delete(target);
    return attempts;
  }

  /** Forgets what is not wished any more. */
  keepOnly(targets: ReadonlySet<string>): void {
    for (const target of this.#entries.keys())
      if (!targets.has(target)) this.#entries.delete(target);
  }
}
