// Words and braces -> lines. Blocks may open in one file and close in another, as keepalived has it.

import type { Diagnostic } from "../../text/diagnostic.ts";
import { Braces, nestingMax, type Opened, rootKeywords } from "./braces.ts";
import type { Line } from "./line.ts";
import type { Word } from "./tree.ts";
import { wordSpan } from "./words.ts";

interface OpenBlock extends Opened {
  /** Where its lines begin among those that are not in a block yet. */
  readonly from: number;
  /** False for a block that stands too deep. */
  readonly isKept: boolean;
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
  readonly #words: Word[] = [];
  #file = "";
  /** A line that opens a block of the file, without its brace. */
  #braceless: Line | undefined;

  constructor(diagnostics: Diagnostic[]) {
    this.#diagnostics = diagnostics;
    this.#braces = new Braces(diagnostics, (block) => this.#linesOf(block));
  }

  /** One word; `leads`: it begins a line. */
  word(word: Word, file: string, leads: boolean): void {
    if (leads) {
      this.finishLine();
      if (this.#braceless !== undefined) this.#openBraceless(this.#braceless, word);
    }
    this.#file = file;
    this.#words.push(word);
  }

  /** What was said so far is a whole line. */
  finishLine(): void {
    if (this.#words.length === 0) return;
    const line: Line = { file: this.#file, words: this.#words.slice() };
    this.#words.length = 0;
    this.#lines.push(line);
    if (this.#braces.open.length === 0 && rootKeywords.has(line.words[0]?.text ?? ""))
      this.#braceless = line;
  }

  /** The last word was none of a line: an include. */
  dropWord(): void {
    this.#words.pop();
  }

  openBlock(file: string, line: number, column: number): void {
    if (this.#words.length === 0 && this.#braceless !== undefined)
      this.#words.push(...this.#takeLine());
    this.#braceless = undefined;
    if (this.#words.length === 0) {
      this.#braces.unexpected({ file, line, column, length: 1 });
      return;
    }
    this.#open(this.#file, this.#words.slice(), line, column);
    this.#words.length = 0;
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

  /** The words of the last line, which a brace in another file goes on with. */
  #takeLine(): readonly Word[] {
    return this.#lines.pop()?.words ?? [];
  }

  #open(file: string, words: readonly Word[], line: number, column: number): void {
    const from = this.#lines.length;
    const isKept = this.#braces.open.length < nestingMax;
    this.#braces.opened({ file, words, line, column, from, isKept });
  }

  #close(block: OpenBlock): void {
    const { file, words, from, isKept } = block;
    const lines = this.#lines.slice(from);
    this.#lines.length = from;
    if (isKept) this.#lines.push({ file, words, block: lines });
  }

  /** keepalived takes the lines behind a block without `{` for its block; so does this, unless another one begins. */
  #openBraceless(line: Line, next: Word): void {
    this.#braceless = undefined;
    const [keyword] = line.words;
    const last = line.words.at(-1);
    if (keyword === undefined || last === undefined || rootKeywords.has(next.text)) return;
    this.#lines.pop();
    const span = wordSpan(keyword, line.file);
    const end = last.column + last.length;
    this.#open(line.file, line.words, last.line, end);
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
