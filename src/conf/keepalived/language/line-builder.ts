// Words and braces -> lines. Blocks may open in one file and close in another, as keepalived has it.

import type { Diagnostic } from "../../text/diagnostic.ts";
import { Braces, nestingMax, type Opened, rootKeywords } from "./braces.ts";
import { type Line, WordLine } from "./line.ts";
import type { Word } from "./tree.ts";
import { SourceLine, type SourceText, wordSpan } from "./words.ts";

class OpenBlock implements Opened {
  /** The line that opens it. */
  readonly opener: WordLine | SourceLine;
  readonly keywordColumn: number;
  readonly line: number;
  readonly column: number;
  /** Where its lines begin among those that are not in a block yet. */
  readonly from: number;
  /** False for a block that stands too deep. */
  readonly isKept: boolean;

  constructor(
    opener: WordLine | SourceLine,
    places: Pick<Opened, "keywordColumn" | "line" | "column">,
    from: number,
    isKept: boolean,
  ) {
    this.opener = opener;
    this.keywordColumn = places.keywordColumn;
    this.line = places.line;
    this.column = places.column;
    this.from = from;
    this.isKept = isKept;
  }

  get file(): string {
    return this.opener.file;
  }

  get words(): readonly Word[] {
    return this.opener.words;
  }
}

/**
 * Builds the lines of a configuration, in the order of its text. Large files have a million words: what is collected
 * stands in two arrays that grow once, and every array of a line or a block has the length that it needs.
 */
export class LineBuilder {
  readonly #diagnostics: Diagnostic[];
  readonly #braces: Braces<OpenBlock>;
  /** Lines of the open blocks, those of the outermost one first. */
  readonly #lines: Line[] = [];
  /** The words of a line that is not whole yet: kept ones, or some of a file. */
  readonly #words: Word[] = [];
  #source: SourceText | undefined;
  #first = 0;
  #count = 0;
  #keywordColumn = 1;
  #file = "";
  /** A line that opens a block of the file, without its brace. */
  #braceless: WordLine | SourceLine | undefined;

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
    this.#braces = new Braces(diagnostics, (block) => this.#linesOf(block));
  }

  /** One word that stands for others; `leads`: it begins a line. */
  word(word: Word, file: string, leads: boolean): void {
    if (leads) this.#beginLine(word.text, word.column);
    this.#file = file;
    this.#words.push(word);
  }

  /** One word of a file, by its number in the text; `column` is needed when it begins a line. */
  sourceWord(
    source: SourceText,
    index: number,
    file: string,
    leads: boolean,
    column: number,
  ): void {
    if (leads) this.#beginLine(source.said(index), column);
    if (this.#count === 0) {
      this.#source = source;
      this.#first = index;
    }
    this.#file = file;
    this.#count++;
  }

  #beginLine(text: string, column: number): void {
    this.finishLine();
    if (this.#braceless !== undefined) this.#openBraceless(this.#braceless, text);
    this.#keywordColumn = column;
  }

  /** What was said so far is a whole line. */
  finishLine(): void {
    const line = this.#takeWords();
    if (line === undefined) return;
    this.#lines.push(line);
    if (this.#braces.open.length === 0 && rootKeywords.has(line.text(0) ?? ""))
      this.#braceless = line;
  }

  /** The last word was none of a line: an include. */
  dropWord(): void {
    if (this.#count > 0) this.#count--;
    else this.#words.pop();
  }

  openBlock(file: string, line: number, column: number): void {
    const before = this.#braceless;
    this.#braceless = undefined;
    // The words may stand in another file than the brace.
    const opener = this.#takeWords() ?? (before === undefined ? undefined : this.#takeLine(before));
    if (opener === undefined) this.#braces.unexpected({ file, line, column, length: 1 });
    else this.#open(opener, line, column);
  }

  /** `leads`: the brace begins its line. */
  closeBlock(file: string, line: number, column: number, leads: boolean): void {
    this.finishLine();
    const block = this.#braces.closed(file, line, column, leads);
    this.#braceless = undefined;
    if (block !== undefined) this.#close(block);
  }

  /** All lines of the outermost level. */
  end(): readonly Line[] {
    this.finishLine();
    this.#braces.ended();
    for (let block = this.#braces.open.pop(); block !== undefined; block = this.#braces.open.pop())
      this.#close(block);
    return this.#lines;
  }

  #linesOf(block: OpenBlock): readonly Line[] {
    const { open } = this.#braces;
    return this.#lines.slice(block.from, open[open.indexOf(block) + 1]?.from);
  }

  #takeWords(): WordLine | SourceLine | undefined {
    const count = this.#count;
    if (count > 0 && this.#source !== undefined) {
      this.#count = 0;
      return new SourceLine(this.#source, this.#first, count);
    }
    if (this.#words.length === 0) return undefined;
    const words = this.#words.slice();
    this.#words.length = 0;
    return new WordLine(this.#file, words);
  }

  #takeLine(line: WordLine | SourceLine): WordLine | SourceLine {
    this.#lines.pop();
    return line;
  }

  #open(opener: WordLine | SourceLine, line: number, column: number): void {
    const isKept = this.#braces.open.length < nestingMax;
    const places = { keywordColumn: this.#keywordColumn, line, column };
    this.#braces.opened(new OpenBlock(opener, places, this.#lines.length, isKept));
  }

  #close(block: OpenBlock): void {
    const { opener, from, isKept } = block;
    opener.block = this.#lines.slice(from);
    // Cheaper than to set the length: the list keeps its room.
    while (this.#lines.length > from) this.#lines.pop();
    if (isKept) this.#lines.push(opener);
  }

  /** keepalived takes the lines behind a block without `{` for its block; so does this, unless another one begins. */
  #openBraceless(line: WordLine | SourceLine, next: string): void {
    this.#braceless = undefined;
    const { words } = line;
    const keyword = words[0];
    const last = words.at(-1);
    if (keyword === undefined || last === undefined || rootKeywords.has(next)) return;
    this.#lines.pop();
    const span = wordSpan(keyword, line.file);
    const end = last.column + last.length;
    this.#open(line, last.line, end);
    this.#diagnostics.push({
      severity: "error",
      code: "S07",
      message: `\`${keyword.text}\` needs a block`,
      span,
      label: "no `{` follows",
      effect: "keepalived takes the lines that follow for its block, up to some `}`",
      fix: "open it with `{`",
      edits: [{ span: { ...span, line: last.line, column: end, length: 0 }, newText: " {" }],
      stops: true,
      stock: "Missing '{' at beginning of configuration block",
    });
  }
}
