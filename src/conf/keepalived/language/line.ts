// What remains of a configuration when includes, parameters, conditions and repetitions are written out.

import type { Span } from "../../text/diagnostic.ts";
import type { Word } from "./tree.ts";

/** One keyword with its arguments, as it counts. */
export interface Line {
  readonly file: string;
  /** At least one. Made when it is asked for: who needs only what a word says asks for `text`. */
  readonly words: readonly Word[];
  readonly wordCount: number;
  /** True when a comment sign cuts one of its words, as in `ab!cd`. */
  readonly hasCutWord: boolean;
  /** The lines of its block; absent when it has none. */
  readonly block: readonly Line[] | undefined;
  /** What a word says; undefined when there are fewer. */
  readonly text: (index: number) => string | undefined;
  readonly isQuoted: (index: number) => boolean;
  /** Where a word stands; the last one when there are fewer. */
  readonly span: (index: number) => Span;
}

const nowhere = { line: 1, column: 1, length: 0 };

/** A line of words that are kept: one that stands for another. */
export class WordLine implements Line {
  readonly file: string;
  readonly words: readonly Word[];
  block: readonly Line[] | undefined;

  constructor(file: string, words: readonly Word[]) {
    this.file = file;
    this.words = words;
    this.block = undefined;
  }

  get wordCount(): number {
    return this.words.length;
  }

  get hasCutWord(): boolean {
    return this.words.some(({ cut }) => cut);
  }

  text(index: number): string | undefined {
    return this.words[index]?.text;
  }

  isQuoted(index: number): boolean {
    return this.words[index]?.quoted === true;
  }

  span(index: number): Span {
    const { line, column, length } = this.words[index] ?? this.words.at(-1) ?? nowhere;
    return { file: this.file, line, column, length: Math.max(1, length) };
  }
}
