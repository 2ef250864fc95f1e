// Findings about single lines of the language, before anybody knows what their keywords mean.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { codeEnd } from "./characters.ts";
import type { QuoteFlaw } from "./escaped-word.ts";
import type { Unreplaced } from "./parameters.ts";

/** keepalived reads this many bytes of a line at once; what follows is another line for it. */
const lineBytesMax = 1022;

/** What is wrong with a text as a whole. */
export function textFaults(file: string, text: string): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  if (text.startsWith("\ufeff"))
    faults.push({
      severity: "warning",
      code: "S41",
      message: "the file begins with a byte order mark",
      span: { file, line: 1, column: 1, length: 1 },
      effect: "keepalived takes it for a part of the first word, which it then does not know",
      fix: "save the file as UTF-8 without byte order mark",
      edits: [{ span: { file, line: 1, column: 1, length: 1 }, newText: "" }],
    });
  // What a crash leaves of a file that was being written: no text, and no wish to run nothing.
  const zero = text.indexOf("\0");
  if (zero >= 0) {
    const line = text.slice(0, zero).split("\n").length;
    const column = zero - text.lastIndexOf("\n", zero);
    faults.push({
      severity: "error",
      code: "S41",
      message: `\`${file}\` is no text: a byte of it is 0`,
      span: { file, line, column, length: 1 },
      fix: "write the file again",
      stops: true,
    });
  }
  return faults;
}

/** Lines that keepalived reads in pieces. */
export class LongLines {
  readonly #file: string;
  readonly #text: string;
  readonly #diagnostics: Diagnostic[];

  constructor(file: string, text: string, diagnostics: Diagnostic[]) {
    this.#file = file;
    this.#text = text;
    this.#diagnostics = diagnostics;
  }

  /** Reports the line between two offsets when it is too long. */
  check(start: number, end: number, line: number): void {
    const text = this.#text.slice(start, end).replace(/\r$/, "");
    if (bytesOf(text) <= lineBytesMax) return;
    const column = Math.min(lineBytesMax, text.length) + 1;
    const isComment = codeEnd(text, 0) < column;
    this.#diagnostics.push({
      severity: "warning",
      code: "S48",
      message: `the line is longer than ${lineBytesMax} bytes`,
      label: "here begins another line for keepalived",
      span: { file: this.#file, line, column: 1, length: Math.min(text.length, lineBytesMax) },
      effect: isComment
        ? "keepalived reads the rest of the comment as a line of its own; Keelson reads a comment"
        : "keepalived cuts it there; Keelson reads it as one line",
      fix: "write a shorter line",
    });
  }
}

function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes++;
    else if (code < 0x800) bytes += 2;
    else bytes += code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** A backslash at the end of a line, or of its comment, that is no definition. */
export function backslashFinding(span: Span, inComment: boolean): Diagnostic {
  return {
    severity: "warning",
    code: "S49",
    ...(inComment
      ? { message: "a backslash ends the comment" }
      : {
          message: "the next line does not belong to this one",
          label: "a backslash continues definitions only",
        }),
    span,
    effect: inComment
      ? "keepalived adds it to the last word in front of the comment; Keelson leaves it out"
      : "keepalived takes the backslash for a part of the last word; Keelson leaves it out",
    fix: "write one line, or remove the backslash",
    edits: [{ span, newText: "" }],
  };
}

/** An `@` behind which no id stands. */
export function oddCondition(written: string, span: Span): Diagnostic {
  const excluded = /^@!([\w.-]+)$/.exec(written)?.[1];
  return {
    severity: "warning",
    code: "S49",
    message: `\`${written}\` is no condition`,
    label: excluded === undefined ? "an id ends at a blank" : "`!` begins a comment",
    span,
    effect: written.startsWith("@^") ? "the line always counts" : "the line never counts",
    fix: excluded === undefined ? "write `@ID` or `@^ID` and a blank" : `write \`@^${excluded}\``,
    ...(excluded === undefined ? {} : { edits: [{ span, newText: `@^${excluded}` }] }),
  };
}

/** A definition that goes on behind a blank line, which keepalived.conf(5) shows and 2.2.7 does not read. */
export function blankLineFindings(definition: {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}): readonly Diagnostic[] {
  const { file, line, text } = definition;
  const lines = text.split("\n");
  const blank = lines.findIndex((written) => written.trim() === "");
  const after = lines[blank + 1];
  if (blank < 0 || after === undefined) return [];
  const column = 1 + (after.length - after.trimStart().length);
  return [
    {
      severity: "warning",
      code: "S49",
      message: "the definition goes on behind a blank line",
      span: { file, line: line + blank + 1, column, length: Math.max(1, after.trim().length) },
      coversTo: line + lines.length - 1,
      effect: "keepalived 2.2.7 ends the definition at the blank line; Keelson reads it whole",
      fix: "remove the blank line",
    },
  ];
}

/** A line that was meant to define a parameter. */
export function badDefinition(line: string, span: Span): Diagnostic {
  const name = /^\$([A-Za-z_]\w*)\s+=\s*/.exec(line);
  return {
    severity: "error",
    code: "S49",
    message: `\`${line.slice(0, span.length)}\` defines nothing`,
    span,
    effect: "the line is read as an unknown keyword, and the parameter stays undefined",
    fix:
      name === null
        ? "write `$NAME=VALUE`: a name has letters, digits and `_`, and takes no arguments"
        : "leave no blank before the `=`",
    ...(name === null
      ? {}
      : { edits: [{ span: { ...span, length: name[0].length }, newText: `$${name[1]}=` }] }),
    stock: `Unknown keyword '${line.split(/\s/)[0]}'`,
  };
}

/** A command whose single quotes keepalived does not read as they seem. */
export function quoteFlaw(flaw: QuoteFlaw, span: Span): Diagnostic {
  const common = { severity: "error", code: "S47", span } as const;
  if (flaw === "open")
    return {
      ...common,
      message: "a `'` inside the command is not closed",
      effect: "keepalived drops the command; Keelson takes the rest as one word",
      fix: "close the quote, or write `\\'` for the sign itself",
      stock: "missing terminating '",
    };
  return {
    ...common,
    message: "a sign of the language stands between `'`",
    label: "keepalived sees comments and braces here",
    effect: "keepalived cuts the line there and misses the closing quote; its 2.2.7 crashes on it",
    fix: 'quote the whole command with `"`',
    stock: "missing terminating '",
  };
}

/**
 * A parameter that stays as it is written; undefined when that may well be meant. `isLeftOut`: lines define it that do
 * not count on this node.
 */
export function unreplacedFinding(
  parameter: Unreplaced,
  line: string,
  span: Span,
  isLeftOut: boolean,
): Diagnostic | undefined {
  const { written, name, start, why } = parameter;
  const isBraced = written.startsWith("${");
  const common = { code: "S46", span, severity: "warning" } as const;
  if (why === "followed")
    return {
      ...common,
      message: `\`${written}\` is not replaced here`,
      label: "a blank must follow, or braces stand around the name",
      effect: "it stands as it is written",
      fix: `write \`\${${name}}\``,
      edits: [{ span, newText: `\${${name}}` }],
    };
  if (why === "several-lines")
    return {
      ...common,
      message: `\`${written}\` is not replaced here: its value has several lines`,
      label: "nothing may follow on this line",
      effect: "it stands as it is written",
      fix: "end the line behind it",
    };
  const isQuoted = (line.slice(0, start).split('"').length - 1) % 2 === 1;
  const around = `${line[start - 1] ?? " "}${line[start + written.length] ?? " "}`;
  const isPrefix = /^\/\d/.test(line.slice(start + written.length));
  const isInside = isPrefix ? !around.startsWith(" ") : /\S/.test(around);
  // A dollar sign inside a word or a command may be meant: keepalived leaves it alone as well.
  if (!isBraced && (isQuoted || isInside)) return undefined;
  const isPredefined = name.startsWith("_");
  if (isPredefined && name === "_INSTANCE") return undefined;
  const breaks = isBraced && !isQuoted;
  // That has been said at the condition; only what breaks the blocks around is worth a second word.
  if (isLeftOut && !breaks) return undefined;
  return {
    ...common,
    severity: breaks && !isLeftOut ? "error" : "warning",
    ...(isLeftOut ? { label: "the lines that define it do not count on this node" } : {}),
    message: `\`${written}\` is not defined and stands as it is written`,
    ...(breaks ? { effect: "keepalived takes its braces for those of a block" } : {}),
    fix: "define it above, as in `$NAME=value`",
    ...(breaks ? { stock: "Unexpected '{' - ignoring" } : {}),
  };
}
