// What the failover benchmark and its prober say to each other, a line of JSON each.

/** What is done to a director. */
export type Deed =
  | {
      readonly kind: "signal";
      readonly pids: readonly number[];
      readonly signal: "SIGKILL" | "SIGTERM";
    }
  /** Takes some milliseconds; the event begins when the program is started. */
  | { readonly kind: "command"; readonly argv: readonly string[] };

export type ProberCommand =
  /** Does the deed `phaseMs` after the next advert of a sender; then a reply. */
  | {
      readonly kind: "event";
      readonly deed: Deed;
      /** Last byte of the address of the MASTER. */
      readonly afterAdvertOf: number;
      readonly phaseMs: number;
      /** Given up after this time. */
      readonly limitMs: number;
    }
  /** Which node has answered since the last such question; 0: none. */
  | { readonly kind: "who" }
  /** Adverts since the last such question. */
  | { readonly kind: "count-adverts" };

/** What one event cost. */
export interface FailoverOutcome {
  /** From the event to the first answer of the other node; undefined when none came in time. */
  readonly takenOverMs: number | undefined;
  /** Time whose probes were not answered. */
  readonly lostMs: number;
}

export type ProberReply =
  | ({ readonly kind: "outcome" } & FailoverOutcome)
  | { readonly kind: "who"; readonly node: number }
  | {
      readonly kind: "adverts";
      readonly bySender: Readonly<Record<string, number>>;
      readonly senderChanges: number;
    };
