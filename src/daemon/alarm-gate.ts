// Which alarms are mailed: one that comes and goes fills no mailbox.

import type { NotifyEvent } from "../notify/event.ts";

/** Between two mails that the same alarm begins. */
const gapMs = 600_000;

export class AlarmGate {
  /** When a mail said last that an alarm begins, and whether its end is still to be told. */
  readonly #mailed = new Map<string, { atMs: number; open: boolean }>();

  /** False for an alarm that was told a moment ago, and for the end of one whose beginning was not told. */
  admits(event: NotifyEvent): boolean {
    if (event.kind !== "alarm") return true;
    const { instance, alarm, active, atMs } = event;
    const key = `${instance} ${alarm}`;
    const known = this.#mailed.get(key);
    if (!active) {
      const wasOpen = known?.open === true;
      if (known !== undefined) known.open = false;
      return wasOpen;
    }
    if (known !== undefined && atMs - known.atMs < gapMs) return false;
    this.#mailed.set(key, { atMs, open: true });
    return true;
  }
}
