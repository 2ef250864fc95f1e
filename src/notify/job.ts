// Work that comes of events: each job belongs to a lane, and lanes keep their order.

import type { Program } from "../model/program.ts";

/** A program to run. */
export interface ProgramJob {
  readonly kind: "program";
  readonly lane: string;
  /** keepalived's keyword, which also tells where in the configuration it stands. */
  readonly keyword: string;
  /** `INSTANCE VI_1 MASTER`, for people. */
  readonly about: string;
  /** As configured. */
  readonly program: Program;
  /** Behind the configured ones. */
  readonly arguments: readonly string[];
  /** Beside what every program gets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Which of the three FIFOs. */
export type FifoName = "all" | "vrrp" | "balancer";

/** A line for a FIFO. */
export interface LineJob {
  readonly kind: "line";
  readonly lane: string;
  readonly fifo: FifoName;
  /** With its newline. */
  readonly text: string;
}

/** A mail to the configured recipients. */
export interface MailJob {
  readonly kind: "mail";
  readonly lane: string;
  readonly about: string;
  readonly subject: string;
  readonly text: string;
  /** Wall clock of the event, which is the mail's date however late it leaves. */
  readonly atMs: number;
}

export type Job = ProgramJob | LineJob | MailJob;
