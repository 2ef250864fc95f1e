// Words of the lines that count: where they stand in the file, and what they say.

import type { Span } from "../../text/diagnostic.ts";
import { bang, hash } from "./characters.ts";
import type { Word } from "./tree.ts";

/**
 * A word as it stands in a file. Files have hundreds of thousands of them, and most are never asked for their
 * place: it is counted when somebody does.
 */
export class SourceWord implements Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
  readonly #source: string;
  readonly #start: number;
  readonly #end: number;

  constructor(
    text: string,
    quoted: boolean,
    line: number,
    source: string,
    start: number,
    end: number,
  ) {
    this.text = text;
    this.quoted = quoted;
    this.line = line;
    this.#source = source;
    this.#start = start;
    this.#end = end;
  }

  get raw(): string {
    return this.#source.slice(this.#start, this.#end);
  }

  get column(): number {
    return this.#start === 0 ? 1 : this.#start - this.#source.lastIndexOf("\n", this.#start - 1);
  }

  /** The blanks before it, when nothing else stands before it on its line. */
  get indent(): string | undefined {
    const before = this.#source.slice(this.#start - this.column + 1, this.#start);
    return before.trim() === "" ? before : undefined;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get cut(): boolean {
    if (this.quoted || this.#end >= this.#source.length) return false;
    const next = this.#source.charCodeAt(this.#end);
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
