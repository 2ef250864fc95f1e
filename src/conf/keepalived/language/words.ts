// Words of the lines that count: where they stand in the file, and what they say.

import type { Span } from "../../text/diagnostic.ts";
import { bang, hash } from "./characters.ts";
import type { Word } from "./tree.ts";

/** The text of a file, and where its lines begin. */
export class SourceText {
  readonly text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The line of an offset, from 1. */
  lineAt(offset: number): number {
    this.#starts ??= lineStarts(this.text);
    const starts = this.#starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The offset at which the line of another offset begins. */
  lineStart(offset: number): number {
    return offset === 0 ? 0 : this.text.lastIndexOf("\n", offset - 1) + 1;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

/**
 * A word as it stands in a file. Large files have a million of them, and most are never asked for their place: it
 * is counted when somebody does.
 */
export class SourceWord implements Word {
  readonly text: string;
  readonly #source: SourceText;
  readonly #start: number;
  /** Twice its length, and 1 more when it is quoted. */
  readonly #extent: number;

  constructor(text: string, quoted: boolean, source: SourceText, start: number, end: number) {
    this.text = text;
    this.#source = source;
    this.#start = start;
    this.#extent = (end - start) * 2 + (quoted ? 1 : 0);
  }

  get quoted(): boolean {
    return (this.#extent & 1) === 1;
  }

  get length(): number {
    return this.#extent >> 1;
  }

  get raw(): string {
    return this.#source.text.slice(this.#start, this.#start + this.length);
  }

  get line(): number {
    return this.#source.lineAt(this.#start);
  }

  get column(): number {
    return this.#start - this.#source.lineStart(this.#start) + 1;
  }

  /** The blanks before it, when nothing else stands before it on its line. */
  get indent(): string | undefined {
    const before = this.#source.text.slice(this.#source.lineStart(this.#start), this.#start);
    return before.trim() === "" ? before : undefined;
  }

  get cut(): boolean {
    if (this.quoted) return false;
    const next = this.#source.text.charCodeAt(this.#start + this.length);
    return next === hash || next === bang;
  }
}

/** The blanks that begin the line of a word; undefined when it is not the first of it, or comes from a definition. */
export function indentOf(word: Word): string | undefined {
  return word instanceof SourceWord ? word.indent : undefined;
}

/** Where a word stands. */
export function wordSpan(word: Word, file: string): Span {
  return { file, line: word.line, column: word.column, length: Math.max(1, word.length) };
}
