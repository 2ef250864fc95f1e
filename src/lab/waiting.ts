// Waiting for a condition, with a deadline, and telling how long it took.

import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Between two looks; 100 by default. */
  readonly everyMs?: number;
  /** Called before each look with the time waited so far. */
  readonly onLook?: (waitedMs: number) => void;
}

/** Monotonic milliseconds; the same clock in every process of the machine. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Asks `look` until it answers something other than undefined and returns that. Returns undefined
 * when the time is over.
 */
export async function waitFor<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
  options: WaitOptions,
): Promise<Value | undefined> {
  const startedAtMs = monotonicMs();
  for (;;) {
    const waitedMs = monotonicMs() - startedAtMs;
    options.onLook?.(waitedMs);
    const found = await look();
    if (found !== undefined) return found;
    if (waitedMs > options.timeoutMs) return undefined;
    await delay(options.everyMs ?? 100);
  }
}
