// Writes a keepalived.conf line by line, and remembers from where in another file each line comes.

import type { Span } from "../text/diagnostic.ts";

const indentBlanks = 4;
const commentWidth = 100;

/** A text under construction. */
export class KeepalivedWriter {
  readonly #lines: string[] = [];
  readonly #spans: (Span | undefined)[] = [];
  #depth = 0;
  /** The depth at which commenting out began. */
  #commentedAt: number | undefined;

  /** The text so far. */
  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  /** By line, from 0: the place in the other file. */
  get spans(): readonly (Span | undefined)[] {
    return this.#spans;
  }

  /** One keyword with its words, each quoted where it must be. */
  line(span: Span | undefined, keyword: string, ...words: readonly (string | number)[]): void {
    this.#add([keyword, ...words.map((word) => quoteWord(`${word}`))].join(" "), span);
  }

  /** One keyword with a text between quotes in which `\` escapes. */
  escapedLine(span: Span, keyword: string, text: string): void {
    this.#add(`${keyword} "${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`, span);
  }

  /** A block: its first line, what `inside` writes, and its closing brace. */
  block(span: Span | undefined, words: readonly (string | number)[], inside: () => void): void {
    this.#add(`${words.map((word) => quoteWord(`${word}`)).join(" ")} {`, span);
    this.#depth++;
    inside();
    this.#depth--;
    this.#add("}", span);
  }

  /** What `inside` writes, as lines of comment. */
  commentedOut(inside: () => void): void {
    const before = this.#commentedAt;
    this.#commentedAt ??= this.#depth;
    inside();
    this.#commentedAt = before;
  }

  /** Lines of comment; long texts are wrapped. */
  comment(text: string): void {
    for (const line of wrap(printable(text), commentWidth - this.#depth * indentBlanks))
      this.#add(line === "" ? "#" : `# ${line}`, undefined);
  }

  /** Comments as they stood, each on its line. */
  comments(texts: readonly string[]): void {
    for (const text of texts) this.#add(text === "" ? "#" : `# ${printable(text)}`, undefined);
  }

  /** An empty line, unless there is one or the text begins. */
  gap(): void {
    if (this.#lines.length > 0 && this.#lines.at(-1) !== "") this.#add("", undefined);
  }

  #add(text: string, span: Span | undefined): void {
    const outer = this.#commentedAt ?? this.#depth;
    const blanks = (depth: number): string => " ".repeat(depth * indentBlanks);
    const mark = this.#commentedAt === undefined ? "" : `# ${blanks(this.#depth - outer)}`;
    this.#lines.push(text === "" && mark === "" ? "" : `${blanks(outer)}${mark}${text}`.trimEnd());
    this.#spans.push(mark === "" ? span : undefined);
  }
}

/** True when a text can stand as one word of keepalived.conf: nothing escapes a quote there. */
export function isWritable(text: string): boolean {
  return !text.includes('"') && printable(text) === text;
}

function quoteWord(text: string): string {
  return /^[^\s"'#!{}~\\$]+$/.test(text) ? text : `"${printable(text).replaceAll('"', "'")}"`;
}

function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]/g, " ").replaceAll("\t", " ");
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  lines.push(line);
  return lines;
}
