// Who is told about changes: programs, FIFOs, mail.

import type { Program } from "./program.ts";

/** Programs of one instance or sync group [notify_*]. */
export interface NotifyPrograms {
  readonly master?: Program;
  readonly backup?: Program;
  readonly fault?: Program;
  readonly stop?: Program;
  /** Runs at each change, with the change in its arguments [notify]. */
  readonly change?: Program;
  /** Present when a reload that removes the instance tells DELETED [notify_deleted]; perhaps without a program. */
  readonly deleted?: { readonly program?: Program };
  readonly masterHeardLowerPriority?: Program;
}

/** A FIFO that gets one line an event, and the program that reads it [notify_fifo]. */
export interface EventFifo {
  readonly path: string;
  readonly user?: string;
  readonly group?: string;
  readonly program?: Program;
}

/** The three FIFOs [notify_fifo, vrrp_notify_fifo, lvs_notify_fifo]. */
export interface EventFifos {
  readonly all?: EventFifo;
  readonly vrrp?: EventFifo;
  readonly balancer?: EventFifo;
  readonly priorityChanges: boolean;
  readonly statesOnReload: boolean;
}

/** Alert mails [smtp_server, notification_email ...]. */
export interface MailSettings {
  /** Absent: no mail is sent. */
  readonly server?: { readonly host: string; readonly port: number };
  readonly from?: string;
  readonly to: readonly string[];
  readonly heloName?: string;
  readonly connectTimeoutMs: number;
  /** A password that begins with `file:` stands in that file [smtp_auth]. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Absent: TLS when it is offered, and always where there is a login [smtp_tls]. */
  readonly tls?: MailTls;
  /** What blocks that say nothing do [smtp_alert, smtp_alert_vrrp, smtp_alert_checker]. */
  readonly alerts: { readonly all?: boolean; readonly vrrp?: boolean; readonly checkers?: boolean };
  /** False: none when an instance goes to FAULT [no_email_faults]. */
  readonly faults: boolean;
  /** False: for real servers only, not for each of their checks [no_checker_emails]. */
  readonly eachCheck: boolean;
}

/** How the connection to the relay is protected [smtp_tls]. */
export interface MailTls {
  /** `starttls`: when offered, whoever answers; `require`: STARTTLS and a good certificate; `tls`: TLS from the start. */
  readonly mode: "none" | "starttls" | "require" | "tls";
  /** A file of certificates that are trusted beside the usual ones. */
  readonly authorities?: string;
}

/** What SNMP serves [enable_snmp_*]. */
export interface SnmpSettings {
  readonly socket?: string;
  readonly vrrp: boolean;
  readonly rfcVersion2: boolean;
  readonly rfcVersion3: boolean;
  readonly checkers: boolean;
  readonly traps: boolean;
}
