// Where a command writes, so that tests can read it.

/** The streams of a command. */
export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** True when stdout is a terminal. */
  readonly isTty: boolean;
  /** Columns of the terminal. */
  readonly width?: number;
}

/** The streams of this process. */
export function processIo(): CommandIo {
  const { isTTY, columns } = process.stdout;
  return {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    isTty: isTTY === true,
    ...(isTTY === true && columns > 0 ? { width: columns } : {}),
  };
}

/** True when colours are welcome: asked for, or a terminal and no NO_COLOR in the environment. */
export function wantsColor(when: "auto" | "always" | "never", io: CommandIo): boolean {
  if (when !== "auto") return when === "always";
  const noColor = process.env["NO_COLOR"];
  return io.isTty && (noColor === undefined || noColor === "");
}
