// The last results of programs and mails, for the status page.

import type { NotificationResult } from "../model/status.ts";

const keptMax = 32;

export class NotificationResults {
  readonly #kept: NotificationResult[] = [];

  /** The oldest first. Of failures more are kept than the last ones among many successes. */
  get all(): readonly NotificationResult[] {
    return [...this.#kept];
  }

  add(result: NotificationResult): void {
    this.#kept.push(result);
    if (this.#kept.length <= keptMax) return;
    // What went well is forgotten first, so that a failure is seen after many changes, too.
    const oldest = this.#kept.findIndex(({ ok }) => ok);
    const failures = this.#kept.filter(({ ok }) => !ok).length;
    this.#kept.splice(failures > keptMax / 2 || oldest < 0 ? 0 : oldest, 1);
  }
}
