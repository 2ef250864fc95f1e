// Blocks with several keywords on one line: which of them are lost, and how the block would stand on lines of its own.

import type { Edit } from "../text/diagnostic.ts";
import { keywordsOf } from "./keyword-index.ts";
import type { Line } from "./language/expand.ts";
import type { Word } from "./language/tree.ts";
import type { Reading, Surroundings } from "./reading.ts";
import type { BlockSpec, KeywordSpec } from "./table/keyword-spec.ts";

/** The outermost block that begins on the same line of the text as what stands in it; undefined when none does. */
export function outermostOnLine(
  line: Line,
  around: Surroundings,
): { readonly opener: Line; readonly around: Surroundings } | undefined {
  let found: { readonly opener: Line; readonly around: Surroundings } | undefined;
  for (let next: Surroundings | undefined = around; next !== undefined; next = next.outer) {
    const { opener, outer } = next;
    if (opener === undefined || outer === undefined || opener.file !== line.file) break;
    if (opener.words[0]?.line !== line.words[0]?.line) break;
    found = { opener, around: next };
  }
  return found;
}

/** Where keywords begin in the words of a line: its own, and those of its block that stand behind its arguments. */
export function keywordPlaces(
  line: Line,
  block: BlockSpec,
): readonly { readonly index: number; readonly spec: KeywordSpec }[] {
  const keywords = keywordsOf(block);
  const places: { readonly index: number; readonly spec: KeywordSpec }[] = [];
  for (let index = 0; index < line.words.length; ) {
    const word = line.words[index];
    const spec = word === undefined || word.quoted ? undefined : keywords.get(word.text);
    if (spec !== undefined) places.push({ index, spec });
    index += 1 + (spec?.arguments.filter(({ optional }) => optional !== true).length ?? 0);
  }
  return places;
}

/** A block on one line, written out. */
export interface WrittenOut {
  /** The keywords that do not count as it stands, in the order of the text. */
  readonly lost: readonly Word[];
  /** None when the text cannot be found: it comes from a definition. */
  readonly edits: readonly Edit[];
}

/** Puts each keyword of a block that stands on one line, and each brace that closes, on a line of its own. */
export function writeOut(opener: Line, block: BlockSpec, reading: Reading): WrittenOut {
  const writer = new BlockWriter(opener, reading);
  writer.block(opener, block, 1);
  return writer.result();
}

class BlockWriter {
  readonly #file: string;
  readonly #line: number;
  /** The whole line of the text. */
  readonly #text: string;
  readonly #indent: string;
  readonly #unit: string;
  readonly #edits: Edit[] = [];
  readonly #lost: Word[] = [];
  /** How far the text of the line has been gone through. */
  #at = 0;
  #found = true;

  constructor(opener: Line, reading: Reading) {
    this.#file = opener.file;
    this.#line = opener.words[0]?.line ?? 1;
    this.#text = reading.linesOf(opener.file)[this.#line - 1] ?? "";
    this.#indent = /^[ \t]*/.exec(this.#text)?.[0] ?? "";
    this.#unit = indentUnit(reading.linesOf(opener.file));
    this.#pass(opener.words.at(-1));
  }

  result(): WrittenOut {
    return { lost: this.#lost, edits: this.#found ? this.#edits : [] };
  }

  block(opener: Line, block: BlockSpec, depth: number): void {
    for (const line of opener.block ?? []) {
      if (line.words[0]?.line !== this.#line) this.#found = false;
      const places = keywordPlaces(line, block);
      for (const [i, { index }] of places.entries()) {
        const word = line.words[index];
        if (word === undefined) continue;
        if (index > 0) this.#lost.push(word);
        this.#pass(line.words[index - 1]);
        this.#break(word.column - 1, depth);
        this.#pass(line.words[(places[i + 1]?.index ?? line.words.length) - 1]);
      }
      this.#pass(line.words.at(-1));
      if (line.block !== undefined) this.#inner(line, places.at(-1)?.spec, depth);
    }
    this.#close(depth - 1);
  }

  /** A list of values may stay on its line. */
  #inner(line: Line, spec: KeywordSpec | undefined, depth: number): void {
    if (spec?.contents?.kind === "keywords") {
      this.block(line, spec.contents.block, depth + 1);
      return;
    }
    for (const entry of line.block ?? []) this.#pass(entry.words.at(-1));
    const close = this.#text.indexOf("}", this.#at);
    if (close < 0) this.#found = false;
    else this.#at = close + 1;
  }

  #pass(word: Word | undefined): void {
    if (word === undefined || word.line !== this.#line) return;
    const from = word.column - 1;
    if (!this.#text.startsWith(word.raw, from)) this.#found = false;
    this.#at = Math.max(this.#at, from + word.raw.length);
  }

  #close(depth: number): void {
    const close = this.#text.indexOf("}", this.#at);
    if (close < 0) this.#found = false;
    this.#break(close, depth);
    this.#at = close + 1;
  }

  /** A line end in the place of the blanks in front of a column, counted from 0. */
  #break(column: number, depth: number): void {
    let from = column;
    while (from > 0 && /[ \t]/.test(this.#text[from - 1] ?? "")) from--;
    const span = {
      file: this.#file,
      line: this.#line,
      column: from + 1,
      length: Math.max(0, column - from),
    };
    this.#edits.push({ span, newText: `\n${this.#indent}${this.#unit.repeat(depth)}` });
  }
}

/** What the file indents by: the blanks of its first line that begins with some. */
export function indentUnit(lines: readonly string[]): string {
  for (const line of lines) {
    const blanks = /^([ \t]+)[^\s#!]/.exec(line)?.[1];
    if (blanks !== undefined) return blanks.startsWith("\t") ? "\t" : blanks;
  }
  return "    ";
}

/** Moves the word at `index` to a line of its own, indented as the line of the text is. */
export function lineBreak(line: Line, index: number, reading: Reading): readonly Edit[] {
  const word = line.words[index];
  const before = line.words[index - 1];
  if (word === undefined || before === undefined || word.line !== before.line) return [];
  if (!reading.isWritten(line, word)) return [];
  const start = before.column + before.raw.length;
  const span = { file: line.file, line: word.line, column: start, length: word.column - start };
  const text = reading.linesOf(line.file)[word.line - 1] ?? "";
  return [{ span, newText: `\n${/^[ \t]*/.exec(text)?.[0] ?? ""}` }];
}
