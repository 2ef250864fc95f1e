// Mails leave through a relay.

import type { MailSettings } from "../model/notification.ts";

/** One mail, without what the settings say for all of them. */
export interface OutgoingMail {
  readonly subject: string;
  readonly text: string;
  /** Its date: wall-clock milliseconds since 1970. */
  readonly atMs: number;
}

/** What came of an attempt. */
export interface MailOutcome {
  readonly ok: boolean;
  /** The relay's words, or why there are none; never a password. */
  readonly text: string;
  /** True when the same mail may be taken later. */
  readonly again: boolean;
}

export interface Mailer {
  /** One attempt; `settings` name a relay and at least one recipient. */
  send(mail: OutgoingMail, settings: MailSettings): Promise<MailOutcome>;
}
