// What clients can have a director do.

/** An outcome in words. */
export interface DeedOutcome {
  readonly ok: boolean;
  readonly text: string;
}

/** The deeds that keepalived's interfaces name. */
export interface ManagementDeeds {
  /** Writes what is configured and what is known of it to a file [SIGUSR1]. */
  printData(): Promise<DeedOutcome>;
  /** Writes the counters of the instances to a file, and forgets them with `clear` [SIGUSR2]. */
  printStatistics(clear: boolean): Promise<DeedOutcome>;
  reload(): Promise<DeedOutcome>;
  /** Announces the addresses of an instance that is MASTER. */
  announce(instance: string): Promise<DeedOutcome>;
}
