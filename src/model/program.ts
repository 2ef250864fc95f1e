// Programs that a configuration names. None is run through a shell.

/** A program, its arguments, and the account it runs as. */
export interface Program {
  /** At least the program. */
  readonly command: readonly string[];
  /** The default account when absent [script_user]. */
  readonly user?: string;
  readonly group?: string;
}
