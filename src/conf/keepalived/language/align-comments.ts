// Comments behind the lines of a text, one below the other.

/** One line: what counts, with its indentation, and the comment behind it. */
export interface FormattedLine {
  readonly code: string;
  /** Empty when there is none. */
  readonly comment: string;
}

/** Joins lines; comments behind neighbouring lines begin in one column. */
export function alignComments(lines: readonly FormattedLine[]): string {
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    const run = runFrom(lines, i);
    const width = Math.max(0, ...run.map(({ code }) => code.length));
    for (const { code, comment } of run)
      out.push(comment === "" ? `${code}\n` : `${code.padEnd(width)}  ${comment}\n`);
    i += run.length;
  }
  return out.join("");
}

/** The lines from one on that have a comment; a line without one is alone. */
function runFrom(lines: readonly FormattedLine[], start: number): readonly FormattedLine[] {
  let end = start;
  while (end < lines.length && lines[end]?.comment !== "") end++;
  return lines.slice(start, Math.max(end, start + 1));
}
