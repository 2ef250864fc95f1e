// What every part of the reader of sections needs: where findings go, and how text in front of them is found.

import type { Diagnostic, Edit, Finding, Sources, Span } from "../text/diagnostic.ts";
import { FindingList } from "../text/finding-list.ts";
import type { Line } from "./language/expand.ts";
import type { Word } from "./language/tree.ts";
import { wordSpan } from "./language/words.ts";
import type { BlockSpec } from "./table/keyword-spec.ts";

/** What the reading of sections is given. */
export interface ReadingContext {
  readonly diagnostics: Diagnostic[];
  /** The texts as read: what stands behind a comment sign is not in the lines. */
  readonly sources: Sources;
  /** The block of the file: a keyword that is misplaced is looked for below it. */
  readonly root: BlockSpec;
}

/** The block around a line. */
export interface Surroundings {
  readonly block: BlockSpec;
  /** The line that opens the block; absent for the file itself. */
  readonly opener?: Line;
  /** What surrounds the opening line; absent for the file itself. */
  readonly outer?: Surroundings;
  /** False inside a block on which Keelson does not act: that has been said at its keyword. */
  readonly acts: boolean;
}

/** Collects what is found. */
export class Reading {
  readonly root: BlockSpec;
  readonly #diagnostics: Diagnostic[];
  readonly #sources: Sources;
  /** Lines of the texts in which something was found. */
  readonly #lines = new Map<string, readonly string[]>();

  constructor(context: ReadingContext) {
    this.root = context.root;
    this.#diagnostics = context.diagnostics;
    this.#sources = context.sources;
  }

  /** True when no more findings of a rule are kept: it need not be worked out what they would say. */
  isFull(code: string): boolean {
    return this.#diagnostics instanceof FindingList && this.#diagnostics.isFull(code);
  }

  report(span: Span, code: string, finding: Finding): void {
    this.#diagnostics.push({ ...finding, code, span });
  }

  /** Reports at a word of a line; index 0 is the keyword. */
  reportAt(line: Line, index: number, code: string, finding: Finding): void {
    if (finding.stops !== true && this.isFull(code)) return;
    this.report(spanAt(line, index), code, finding);
  }

  /** The lines of a file as they were read. */
  linesOf(file: string): readonly string[] {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = (this.#sources.get(file) ?? "").split("\n");
      this.#lines.set(file, lines);
    }
    return lines;
  }

  /** What stands in the text of a line of a file from a column on. */
  textAt(span: Span): string {
    return (
      this.linesOf(span.file)
        [span.line - 1]?.slice(span.column - 1)
        .trimEnd() ?? ""
    );
  }

  /** The edit that puts `newText` in place of a word; none when the word does not stand there as such. */
  replaceWord(line: Line, index: number, newText: string): readonly Edit[] {
    const word = line.words[index];
    if (word === undefined || !this.isWritten(line, word)) return [];
    return [{ span: spanAt(line, index), newText }];
  }

  /** False for words that come from a definition: their place is where the definition is used. */
  isWritten(line: Line, word: Word): boolean {
    return this.textAt(wordSpan(word, line.file)).startsWith(word.raw);
  }
}

/** Where a word of a line stands; the last one when there are fewer. */
export function spanAt(line: Line, index: number): Span {
  return line.span(index);
}

/** True for text with a parameter that nobody has defined: what it will say is not known. */
export function hasParameter(text: string): boolean {
  return text.includes("$") && /\$[A-Za-z_{]/.test(text);
}

/** An optional list of edits as a part of a finding. */
export function withEdits(edits: readonly Edit[]): { readonly edits?: readonly Edit[] } {
  return edits.length === 0 ? {} : { edits };
}
