// Words of the lines that count: where they stand in the file, and what they say.

import type { Span } from "../../text/diagnostic.ts";
import { bang, hash } from "./characters.ts";
import type { Line } from "./line.ts";
import type { Word } from "./tree.ts";

const quotedFlag = 1;
const cutFlag = 2;

/** The text of a file with its words: what they say, and where they stand. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #said: string[] = [];
  /** Two numbers a word: its offset, and four times its length with the flags. */
  #places: Int32Array;
  #starts: Int32Array | undefined;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.#places = new Int32Array(16 + (text.length >> 3));
  }

  /** Takes a word; gives its number. */
  add(said: string, quoted: boolean, start: number, end: number): number {
    const index = this.#said.length;
    this.#said.push(said);
    if (2 * index + 2 > this.#places.length) this.#places = twice(this.#places);
    this.#places[2 * index] = start;
    this.#places[2 * index + 1] =
      (end - start) * 4 + (quoted ? quotedFlag : this.#isCutAt(end) ? cutFlag : 0);
    return index;
  }

  said(index: number): string {
    return this.#said[index] ?? "";
  }

  isQuoted(index: number): boolean {
    return (this.#flags(index) & quotedFlag) !== 0;
  }

  isCut(index: number): boolean {
    return (this.#flags(index) & cutFlag) !== 0;
  }

  start(index: number): number {
    return this.#places[2 * index] ?? 0;
  }

  length(index: number): number {
    return (this.#places[2 * index + 1] ?? 0) >> 2;
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
    this.#starts ??= lineStarts(this.text);
    return this.#starts[this.lineAt(offset) - 1] ?? 0;
  }

  #flags(index: number): number {
    return this.#places[2 * index + 1] ?? 0;
  }

  #isCutAt(end: number): boolean {
    const next = this.text.charCodeAt(end);
    return next === hash || next === bang;
  }
}

function lineStarts(text: string): Int32Array {
  let starts = new Int32Array(16 + (text.length >> 4));
  let count = 1;
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) {
    if (count === starts.length) starts = twice(starts);
    starts[count++] = i + 1;
  }
  return starts.subarray(0, count);
}

function twice(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

/** A word as it stands in a file. Its place is counted when somebody asks. */
export class SourceWord implements Word {
  readonly #source: SourceText;
  readonly #index: number;

  constructor(source: SourceText, index: number) {
    this.#source = source;
    this.#index = index;
  }

  get text(): string {
    return this.#source.said(this.#index);
  }

  get quoted(): boolean {
    return this.#source.isQuoted(this.#index);
  }

  get cut(): boolean {
    return this.#source.isCut(this.#index);
  }

  get length(): number {
    return this.#source.length(this.#index);
  }

  get raw(): string {
    const start = this.#source.start(this.#index);
    return this.#source.text.slice(start, start + this.length);
  }

  get line(): number {
    return this.#source.lineAt(this.#source.start(this.#index));
  }

  get column(): number {
    const start = this.#source.start(this.#index);
    return start - this.#source.lineStart(start) + 1;
  }

  /** The blanks before it, when nothing else stands before it on its line. */
  get indent(): string | undefined {
    const start = this.#source.start(this.#index);
    const before = this.#source.text.slice(this.#source.lineStart(start), start);
    return before.trim() === "" ? before : undefined;
  }
}

/**
 * A line as it stands in a file: some of its words. Large files have half a million lines and a million words, and
 * what lives long costs most; so the words themselves are made when somebody asks.
 */
export class SourceLine implements Line {
  block: readonly Line[] | undefined;
  readonly #source: SourceText;
  readonly #first: number;
  readonly wordCount: number;
  #words: readonly Word[] | undefined;

  constructor(source: SourceText, first: number, wordCount: number) {
    this.block = undefined;
    this.#source = source;
    this.#first = first;
    this.wordCount = wordCount;
    this.#words = undefined;
  }

  get file(): string {
    return this.#source.file;
  }

  /** The same ones each time. */
  get words(): readonly Word[] {
    if (this.#words === undefined) {
      const words: Word[] = [];
      for (let i = 0; i < this.wordCount; i++)
        words.push(new SourceWord(this.#source, this.#first + i));
      this.#words = words;
    }
    return this.#words;
  }

  get hasCutWord(): boolean {
    for (let i = 0; i < this.wordCount; i++) if (this.#source.isCut(this.#first + i)) return true;
    return false;
  }

  text(index: number): string | undefined {
    return index >= 0 && index < this.wordCount
      ? this.#source.said(this.#first + index)
      : undefined;
  }

  span(index: number): Span {
    const source = this.#source;
    const word = this.#first + Math.min(Math.max(index, 0), this.wordCount - 1);
    const start = source.start(word);
    const column = start - source.lineStart(start) + 1;
    const length = Math.max(1, source.length(word));
    return { file: this.file, line: source.lineAt(start), column, length };
  }

  isQuoted(index: number): boolean {
    return index < this.wordCount && this.#source.isQuoted(this.#first + index);
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
