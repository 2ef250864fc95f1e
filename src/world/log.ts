// Log lines are values: a level, a kind, fields. Text is made in one place, at the sink.

export type LogLevel = "debug" | "info" | "notice" | "warning" | "error";

export interface LogEvent {
  readonly level: LogLevel;
  /** Kebab-case, stable: `vrrp-transition`, `real-server-down`, `repair` ... */
  readonly kind: string;
  /** One lower-case sentence without full stop, for people; names the object and the reason. */
  readonly text: string;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
}

/** Takes log events; never blocks the caller. */
export interface Log {
  write(event: LogEvent): void;
}
