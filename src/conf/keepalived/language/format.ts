// A tree -> the text in one style. Only blanks and line ends change, and never so that a line would mean something else:
// keepalived drops a second keyword on a line, so a line that holds more than one stays as it is, and so do blocks on one line,
// `@id` lines and definitions, which may go over several lines.

import { alignComments, type FormattedLine } from "./align-comments.ts";
import { parseTree } from "./parse-tree.ts";
import { isIncludeKeyword } from "./scanner.ts";
import type { Node, Tree } from "./tree.ts";

/** The style. */
export interface FormatStyle {
  /** What a level of nesting is indented by [4 blanks]. */
  readonly indent?: string;
}

/** Formats a text; formatting the result again changes nothing. */
export function formatText(text: string, style: FormatStyle = {}): string {
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const content = text.slice(mark.length);
  const isDos = content.includes("\r\n") && !/(^|[^\r])\n/.test(content);
  const formatted = formatTree(parseTree(content, { file: "", diagnostics: [] }), style);
  return mark + (isDos ? formatted.replaceAll(/\r?\n/g, "\r\n") : formatted);
}

/** The text of a tree in one style. */
export function formatTree(tree: Tree, style: FormatStyle = {}): string {
  const formatter = new Formatter(style.indent ?? "    ");
  for (const piece of piecesOf(tree)) formatter.take(piece);
  formatter.finish(tree.tail);
  return alignComments(formatter.lines);
}

/** A word, a brace or a definition, with what stands before it. */
interface Piece {
  readonly kind: "word" | "open" | "close" | "stray" | "definition";
  readonly gap: string;
  readonly raw: string;
}

function piecesOf(tree: Tree): readonly Piece[] {
  const pieces: Piece[] = [];
  // A stack of its own, because nesting is as deep as the file likes.
  const pending: (Node | Piece)[] = tree.children.toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === "stray" && "brace" in next)
      pieces.push({ kind: "stray", gap: next.brace.gap, raw: next.text });
    else if (next.kind !== "directive") pieces.push(next as Piece);
    else {
      for (const { gap, raw } of next.words) pieces.push({ kind: "word", gap, raw });
      if (next.block === undefined) continue;
      const { open, close, children } = next.block;
      pieces.push({ kind: "open", gap: open.gap, raw: "{" });
      if (close !== undefined) pending.push({ kind: "close", gap: close.gap, raw: "}" });
      for (const child of children.toReversed()) pending.push(child);
    }
  }
  return pieces;
}

class Formatter {
  readonly lines: FormattedLine[] = [];
  readonly #indent: string;
  #depth = 0;
  /** The pieces of the line that is being read. */
  #pieces: Piece[] = [];
  /** What stands before the first of them: an `@id`, or nothing. */
  #lead = "";

  constructor(indent: string) {
    this.#indent = indent;
  }

  take(piece: Piece): void {
    const newline = continuesLine(piece.gap) ? -1 : piece.gap.indexOf("\n");
    if (this.#pieces.length === 0) {
      const last = piece.gap.lastIndexOf("\n") + 1;
      this.#between(piece.gap.slice(0, last));
      this.#lead = piece.gap.slice(last);
    } else if (newline >= 0) {
      if (this.#opensOnNextLine(piece)) {
        this.#pieces.push({ ...piece, gap: " " });
        return;
      }
      this.#endLine(piece.gap.slice(0, newline));
      const last = piece.gap.lastIndexOf("\n") + 1;
      this.#between(piece.gap.slice(newline + 1, last));
      this.#lead = piece.gap.slice(last);
    }
    this.#pieces.push(piece);
  }

  /** Takes what stands behind the last piece. */
  finish(tail: string): void {
    const newline = tail.indexOf("\n");
    if (this.#pieces.length === 0) this.#between(`${tail}\n`);
    else {
      this.#endLine(newline < 0 ? tail : tail.slice(0, newline));
      if (newline >= 0) this.#between(`${tail.slice(newline + 1)}\n`);
    }
    while (this.lines.at(-1)?.code === "" && this.lines.at(-1)?.comment === "") this.lines.pop();
  }

  /** True for a `{` alone in the next line, which belongs behind the keyword. */
  #opensOnNextLine(piece: Piece): boolean {
    // The argument of an include goes to the end of its line, whatever stands there.
    const isPlain =
      this.#lead.trim() === "" &&
      !isIncludeKeyword(this.#pieces[0]?.raw ?? "") &&
      this.#pieces.every(({ kind, gap }, i) => kind === "word" && (i === 0 || !gap.includes("\n")));
    return piece.kind === "open" && piece.gap.trim() === "" && isPlain;
  }

  /** Whole lines without a piece: comments, blank lines, `@id` lines that do not count. */
  #between(text: string): void {
    if (text === "") return;
    for (const line of text.slice(0, -1).split("\n")) {
      const content = line.trim();
      const last = this.lines.at(-1);
      if (content.startsWith("@")) this.#push(line.trimEnd());
      else if (content !== "") this.#push(`${this.#indent.repeat(this.#depth)}${content}`);
      else if (last !== undefined && (last.code !== "" || last.comment !== "")) this.#push("");
    }
  }

  #push(code: string, comment = ""): void {
    this.lines.push({ code, comment });
  }

  /** Prints the pieces of a line; `rest` is what stands behind them, a comment most likely. */
  #endLine(rest: string): void {
    const pieces = this.#pieces;
    const closes = pieces.findIndex(({ kind }) => kind !== "close");
    const depth = this.#depth - (closes < 0 ? pieces.length : closes);
    const lead = this.#lead.trim();
    const code = lead === "" ? shapeOf(pieces) : undefined;
    const text = code ?? pieces.map(({ gap, raw }, i) => (i === 0 ? raw : gap + raw)).join("");
    const kept = lead === "" ? this.#indent.repeat(depth) : this.#lead;
    const isCut = /^[#!]/.test(rest) && pieces.at(-1)?.kind === "word";
    const comment = rest.trim();
    // A comment that cuts a word, and a backslash at the end of a line, stay where they are.
    if (isCut || comment.startsWith("\\")) this.#push(`${kept}${text}${rest.trimEnd()}`);
    else this.#push(`${kept}${text}`, comment);
    for (const { kind } of pieces)
      if (kind === "open") this.#depth++;
      else if (kind === "close") this.#depth--;
    this.#pieces = [];
  }
}

/** True for the blanks between two pieces when a backslash ends the line between them. */
function continuesLine(gap: string): boolean {
  return /^[^#!\n]*\\[ \t\r]*\n/.test(gap);
}

/**
 * The text of a line of the usual shape: words, then perhaps `{`; or `}` alone; or a definition. One blank stands between
 * words that any blanks separate. Undefined for all other lines, which stay as they are.
 */
function shapeOf(pieces: readonly Piece[]): string | undefined {
  const [first] = pieces;
  if (pieces.length === 1) return first?.raw;
  const braceless = pieces.at(-1)?.kind === "open" ? pieces.slice(0, -1) : pieces;
  const isUsual = braceless.every(({ kind, gap }) => kind === "word" && !gap.includes("\\"));
  if (!isUsual) return undefined;
  return pieces
    .map(({ kind, gap, raw }, i) => {
      if (i === 0) return raw;
      return gap === "" && kind !== "open" ? raw : ` ${raw}`;
    })
    .join("");
}
