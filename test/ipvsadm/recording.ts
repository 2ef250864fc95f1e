// Recordings of the real ipvsadm 1.31 in the guest. Each command begins with `$ `; what it read from stdin stands behind
// ` <`, its lines ended by `|`. Then its stdout, its stderr behind `! ` (`\` at the end: no newline), its exit status in brackets.

/** One command and what came of it. */
export interface RecordedCommand {
  readonly line: string;
  readonly words: readonly string[];
  readonly stdin: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Reads a recording. */
export function parseRecording(text: string): readonly RecordedCommand[] {
  const commands: RecordedCommand[] = [];
  let line = "";
  let stdout = "";
  let stderr = "";
  for (const row of text.split("\n")) {
    const status = /^\[(\d+)\]$/.exec(row)?.[1];
    if (row.startsWith("$ ")) {
      line = row.slice(2);
      stdout = "";
      stderr = "";
    } else if (row.startsWith("! ")) stderr += `${row.slice(2)}\n`;
    else if (status !== undefined)
      commands.push({ line, ...commandOfLine(line), stdout, stderr, status: Number(status) });
    else if (!row.startsWith("#")) stdout += `${row}\n`;
  }
  return commands;
}

/** The words behind `ipvsadm`, and what it shall read. */
export function commandOfLine(line: string): {
  readonly words: readonly string[];
  readonly stdin: string;
} {
  const [command = "", ...rest] = line.split(" <");
  const words = command.split(" ").slice(1);
  return {
    words: words.map((word) => (word === "''" ? "" : word)),
    stdin: rest.join(" <").replaceAll("|", "\n"),
  };
}
