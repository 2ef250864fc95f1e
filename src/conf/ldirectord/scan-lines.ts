// Text -> lines `name = value`. A section is a `virtual=` at the beginning of a line and the lines under it that are
// indented with a tab or four blanks; an empty line, or any other line that is no comment, ends it.

/** One line that is neither empty nor only a comment, or the end of a section that says why it ended. */
export interface ScannedLine {
  /** From 1. */
  readonly number: number;
  /** `setting`: indented, in a section. `stray`: indented where nothing may be. */
  readonly kind: "top" | "setting" | "stray";
  /** Columns of white space in front, a tab counted as 4. */
  readonly indent: number;
  /** Line number of the empty line that ended the section above a stray line. */
  readonly sectionEndedAt?: number;
  /** In UTF-16 units from 1. */
  readonly column: number;
  /** The words in front of `=`, without blanks around; all of the line when there is none. */
  readonly name: string;
  /** Behind `=`, blanks and comment cut off; undefined without `=`. */
  readonly value?: string;
  readonly valueColumn: number;
  /** What was cut off and what ldirectord would take for a part of the value. */
  readonly tail: string;
  /** True: a `#` stands in the value between quotes, where ldirectord would cut. */
  readonly hashInQuotes: boolean;
  readonly comments: { readonly above: readonly string[]; readonly beside?: string };
}

/** All lines of a file. */
export interface ScannedFile {
  readonly lines: readonly ScannedLine[];
  readonly commentsBelow: readonly string[];
  /** The first line that ends with a carriage return. */
  readonly carriageReturnAt?: number;
  /** Lines of a section that hold nothing but five or more columns of blanks. */
  readonly longBlankLines: readonly number[];
}

const tabColumns = 4;
const sectionIndentMin = 4;

/** Cuts a text into lines; takes every text. */
export function scanLines(text: string): ScannedFile {
  const rows = text.replace(/^\ufeff/, "").split("\n");
  const scan: Scan = { lines: [], above: [], inSection: false, longBlankLines: [] };
  let carriageReturnAt: number | undefined;
  for (const [i, raw] of rows.entries()) {
    const hasReturn = raw.endsWith("\r");
    if (hasReturn) carriageReturnAt ??= i + 1;
    scanRow(hasReturn ? raw.slice(0, -1) : raw, i + 1, scan);
  }
  return {
    lines: scan.lines,
    commentsBelow: scan.above,
    longBlankLines: scan.longBlankLines,
    ...(carriageReturnAt === undefined ? {} : { carriageReturnAt }),
  };
}

/** How far the scan is. */
interface Scan {
  readonly lines: ScannedLine[];
  /** Comments since the last line. */
  above: string[];
  inSection: boolean;
  sectionEndedAt?: number;
  readonly longBlankLines: number[];
}

function scanRow(row: string, number: number, scan: Scan): void {
  const content = withoutIndent(row);
  if (content.startsWith("#")) {
    scan.above.push(content.slice(1).trim());
    return;
  }
  const indent = columnsOf(row.slice(0, row.length - content.length));
  if (content === "") {
    scanBlanks(indent, number, scan);
    return;
  }
  const isTop = indent === 0;
  const kind = isTop ? "top" : scan.inSection && indent >= sectionIndentMin ? "setting" : "stray";
  const line = scanLine(row, { number, kind, indent, above: scan.above });
  const ended = kind === "stray" ? scan.sectionEndedAt : undefined;
  scan.lines.push(ended === undefined ? line : { ...line, sectionEndedAt: ended });
  scan.above = [];
  if (!isTop) return;
  scan.inSection = line.value !== undefined && /^virtual6?$/.test(line.name);
  delete scan.sectionEndedAt;
}

/** Five columns of nothing are a line of the section for ldirectord, and one that it does not know. */
function scanBlanks(indent: number, number: number, scan: Scan): void {
  if (!scan.inSection) return;
  if (indent > sectionIndentMin) {
    scan.longBlankLines.push(number);
    return;
  }
  scan.inSection = false;
  scan.sectionEndedAt = number;
}

/** Other white space, such as a no-break space, is text for ldirectord. */
function withoutIndent(row: string): string {
  return row.replace(/^[ \t\f\v\r]+/, "");
}

function columnsOf(blanks: string): number {
  let columns = 0;
  for (const blank of blanks) columns += blank === "\t" ? tabColumns : 1;
  return columns;
}

function scanLine(
  row: string,
  place: Pick<ScannedLine, "number" | "kind" | "indent"> & { readonly above: readonly string[] },
): ScannedLine {
  const { number, kind, indent, above } = place;
  const start = row.length - withoutIndent(row).length;
  const equals = row.indexOf("=");
  const hash = commentStart(row, start);
  const hasValue = equals >= 0 && equals < hash.at;
  const nameEnd = hasValue ? equals : hash.at;
  const valueText = hasValue ? row.slice(equals + 1, hash.at) : "";
  const value = valueText.trim();
  const valueStart = hasValue
    ? equals + 1 + (valueText.length - valueText.trimStart().length)
    : nameEnd;
  const comment = row.slice(hash.at + 1).trim();
  const behind = row.slice(valueStart + value.length, kind === "top" ? row.length : hash.at);
  return {
    number,
    kind,
    indent,
    column: start + 1,
    name: row.slice(start, nameEnd).trim(),
    ...(hasValue ? { value } : {}),
    valueColumn: valueStart + 1,
    tail: behind,
    hashInQuotes: hash.inQuotes,
    comments: { above, ...(comment === "" ? {} : { beside: comment }) },
  };
}

/** Where a comment begins behind a value: at the first `#` outside of quotes that are closed. */
function commentStart(row: string, from: number): { at: number; inQuotes: boolean } {
  const first = row.indexOf("#", from);
  if (first < 0) return { at: row.length, inQuotes: false };
  let quoted = false;
  let seenInQuotes = false;
  for (let i = from; i < row.length; i++) {
    const character = row[i];
    if (character === '"') quoted = !quoted;
    if (character !== "#") continue;
    if (!quoted) return { at: i, inQuotes: seenInQuotes };
    seenInQuotes = true;
  }
  return quoted ? { at: first, inQuotes: false } : { at: row.length, inQuotes: seenInQuotes };
}
