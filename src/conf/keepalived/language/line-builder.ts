// Words and braces -> lines. Blocks may open in one file and close in another, as keepalived has it.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { Braces, type Opened } from "./braces.ts";
import type { Line } from "./line.ts";
import type { Word } from "./tree.ts";

interface OpenBlock extends Opened {
  readonly children: Line[];
}

/** Builds the lines of a configuration, in the order of its text. */
export class LineBuilder {
  readonly root: Line[] = [];
  readonly #braces: Braces<OpenBlock>;
  #siblings: Line[] = this.root;
  #words: Word[] = [];
  #file = "";

  constructor(diagnostics: Diagnostic[]) {
    this.#braces = new Braces(diagnostics);
  }

  /** One word; `leads`: it begins a line. */
  word(word: Word, file: string, leads: boolean): void {
    if (leads) this.finishLine();
    this.#file = file;
    this.#words.push(word);
  }

  /** What was said so far is a whole line. */
  finishLine(): void {
    if (this.#words.length === 0) return;
    this.#siblings.push({ file: this.#file, words: this.#words });
    this.#words = [];
  }

  /** The last word was none of a line: an include. */
  dropWord(): void {
    this.#words.pop();
  }

  openBlock(brace: Span): void {
    const words = this.#words;
    if (words.length === 0) {
      this.#braces.unexpected(brace);
      return;
    }
    this.#words = [];
    const children: Line[] = [];
    const seen = this.#braces.opened({ file: this.#file, words, brace, children });
    if (seen) this.#siblings.push({ file: this.#file, words, block: children });
    this.#siblings = children;
  }

  /** `leads`: the brace begins its line. */
  closeBlock(brace: Span, leads: boolean): void {
    this.finishLine();
    this.#braces.closed(brace, leads);
    this.#siblings = this.#braces.open.at(-1)?.children ?? this.root;
  }

  end(): void {
    this.finishLine();
    this.#braces.ended();
  }
}
