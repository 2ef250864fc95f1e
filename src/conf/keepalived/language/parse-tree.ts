// Pieces -> the lossless tree. Nothing is refused here: what does not fit becomes a stray node and a diagnostic.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { Braces, type Opened } from "./braces.ts";
import { definitionBody } from "./definition.ts";
import { Scanner } from "./scanner.ts";
import type { Block, Brace, Node, Tree, TreeWord } from "./tree.ts";

/** What a text is parsed with. */
export interface ParseOptions {
  readonly file: string;
  /** The ids whose `@id` lines count. */
  readonly activeIds?: ReadonlySet<string>;
  /** Findings about braces and quotes are added here. */
  readonly diagnostics: Diagnostic[];
}

/** Parses any text; `printTree` of the result gives the text again. */
export function parseTree(text: string, options: ParseOptions): Tree {
  return new TreeParser(text, options).parse();
}

/** Nodes of a block under construction. */
interface OpenBlock extends Opened {
  readonly words: readonly TreeWord[];
  readonly open: Brace;
  readonly children: Node[];
}

class TreeParser {
  readonly #scanner: Scanner;
  readonly #file: string;
  readonly #diagnostics: Diagnostic[];
  readonly #braces: Braces<OpenBlock>;
  readonly #root: Node[] = [];
  #words: TreeWord[] = [];
  #gap = "";

  constructor(text: string, options: ParseOptions) {
    const active = options.activeIds ?? new Set<string>();
    this.#scanner = new Scanner(text, { counts: (id, negated) => active.has(id) !== negated });
    this.#file = options.file;
    this.#diagnostics = options.diagnostics;
    this.#braces = new Braces(options.diagnostics, (block) => block.children);
  }

  parse(): Tree {
    const scanner = this.#scanner;
    for (let before = 0; ; before = scanner.end) {
      const kind = scanner.next();
      this.#gap = scanner.text.slice(before, scanner.start);
      if (kind === "end") break;
      if (kind === "definition") this.#define();
      else if (kind === "open") this.#openBlock();
      else if (kind === "close") this.#closeBlock();
      else this.#word();
    }
    this.#finishDirective();
    const tail = this.#gap;
    this.#braces.ended();
    while (this.#braces.open.length > 0) this.#finishBlock(this.#braces.open.pop(), undefined);
    return { file: this.#file, children: this.#root, tail };
  }

  #word(): void {
    const { text, start, end, line, column, leads, quoted, unterminated } = this.#scanner;
    if (leads) this.#finishDirective();
    if (unterminated)
      this.#diagnostics.push({
        severity: "error",
        code: "S47",
        message: "the quote that opens here is not closed on its line",
        span: this.#span(),
      });
    const next = text[end];
    const cut = !quoted && (next === "#" || next === "!");
    const raw = text.slice(start, end);
    const said = this.#scanner.wordText();
    const length = end - start;
    this.#words.push({ gap: this.#gap, raw, text: said, quoted, line, column, length, cut });
  }

  #define(): void {
    const scanner = this.#scanner;
    this.#finishDirective();
    const raw = scanner.text.slice(scanner.start, scanner.end);
    const equals = raw.indexOf("=");
    this.#siblings().push({
      kind: "definition",
      gap: this.#gap,
      raw,
      name: raw.slice(1, equals),
      body: definitionBody(raw.slice(equals + 1)),
      line: scanner.line,
      column: scanner.column,
    });
    scanner.skipDefinition();
  }

  #siblings(): Node[] {
    return this.#braces.open.at(-1)?.children ?? this.#root;
  }

  #finishDirective(): void {
    if (this.#words.length === 0) return;
    this.#siblings().push({ kind: "directive", words: this.#words });
    this.#words = [];
  }

  #openBlock(): void {
    const open = this.#brace();
    if (this.#words.length === 0) {
      this.#siblings().push({ kind: "stray", brace: open, text: "{" });
      this.#braces.unexpected(this.#span());
      return;
    }
    const words = this.#words;
    this.#words = [];
    const { line, column } = open;
    const keywordColumn = words[0]?.column ?? 1;
    const file = this.#file;
    this.#braces.opened({ file, words, keywordColumn, line, column, open, children: [] });
  }

  #closeBlock(): void {
    const { line, column, first } = this.#scanner;
    this.#finishDirective();
    const block = this.#braces.closed(this.#file, line, column, first);
    if (block === undefined) this.#root.push({ kind: "stray", brace: this.#brace(), text: "}" });
    else this.#finishBlock(block, this.#brace());
  }

  #finishBlock(opened: OpenBlock | undefined, close: Brace | undefined): void {
    if (opened === undefined) return;
    const { words, open, children } = opened;
    const block: Block = close === undefined ? { open, children } : { open, children, close };
    this.#siblings().push({ kind: "directive", words, block });
  }

  #brace(): Brace {
    return { gap: this.#gap, line: this.#scanner.line, column: this.#scanner.column };
  }

  #span(): Span {
    const { line, column, start, end } = this.#scanner;
    return { file: this.#file, line, column, length: end - start };
  }
}
