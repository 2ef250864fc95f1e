// Comments that put findings aside: `# keelson-disable-next-line V14 reason`. A comment is legal in every file that
// keepalived reads, so the file stays usable there.

import type { Span } from "../text/diagnostic.ts";

/** Which lines a comment speaks for. */
export type SuppressionReach = "next-line" | "line" | "file";

/** One rule that one comment names. */
export interface SuppressionComment {
  readonly reach: SuppressionReach;
  /** The word as written: an id, or a name. */
  readonly rule: string;
  /** Empty when the comment gives none. */
  readonly reason: string;
  /** Of the word; of the whole comment when it names no rule. */
  readonly span: Span;
  /** The line that it speaks for; undefined for the file, and when nothing follows. */
  readonly line?: number;
}

const directive = /[#!][#!\s]*(?:keelson|lint)-disable-(next-line|line|file)\b[ \t]*(.*)$/;
const rules = /^[A-Za-z][\w-]*(?:\s*,\s*[A-Za-z][\w-]*|\s+[A-Z]\d\d\b)*/;

/** The comments of one file that put findings aside, in the order of the text; one for each rule that is named. */
export function suppressionComments(file: string, text: string): readonly SuppressionComment[] {
  if (!text.includes("-disable-")) return [];
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  return lines.flatMap((line, i) => (line.includes("-disable-") ? commentsOf(file, lines, i) : []));
}

function commentsOf(
  file: string,
  lines: readonly string[],
  index: number,
): readonly SuppressionComment[] {
  const line = lines[index] ?? "";
  const start = commentStart(line);
  const match = start === undefined ? null : directive.exec(line.slice(start));
  if (start === undefined || match === null) return [];
  const [whole, reach = "line", rest = ""] = match;
  const at = { file, line: index + 1 };
  const target = targetOf(reach, lines, index);
  const common = {
    reach: reachOf(reach),
    ...(target === undefined ? {} : { line: target }),
  };
  const named = rules.exec(rest)?.[0] ?? "";
  const reason = rest
    .slice(named.length)
    .replace(/^[\s:,-]+/, "")
    .trimEnd();
  const restColumn = start + match.index + whole.length - rest.length + 1;
  if (named === "") {
    const span = { ...at, column: start + match.index + 1, length: whole.trimEnd().length };
    return [{ ...common, rule: "", reason, span }];
  }
  return [...named.matchAll(/[A-Za-z][\w-]*/g)].map((word) => ({
    ...common,
    rule: word[0],
    reason,
    span: { ...at, column: restColumn + word.index, length: word[0].length },
  }));
}

function reachOf(word: string): SuppressionReach {
  if (word === "file") return "file";
  return word === "line" ? "line" : "next-line";
}

/** The next line with something on it beside a comment, so that several comments can stand above one line. */
function targetOf(reach: string, lines: readonly string[], index: number): number | undefined {
  if (reach === "file") return undefined;
  if (reach === "line") return index + 1;
  for (let i = index + 1; i < lines.length; i++)
    if (!/^\s*([#!]|$)/.test(lines[i] ?? "")) return i + 1;
  return undefined;
}

/** Where the comment of a line begins: at the first `#` or `!` outside of quotes. */
function commentStart(line: string): number | undefined {
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === "#" || character === "!")) return i;
  }
  return undefined;
}
