// Pieces -> tree. Nothing is refused here: what does not fit becomes a stray node and a diagnostic.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { definitionBody } from "./definition.ts";
import { type Piece, Scanner } from "./scanner.ts";
import type { Block, Brace, Directive, Node, Tree, Word } from "./tree.ts";

/** What a text is parsed with. */
export interface ParseOptions {
  readonly file: string;
  /** The ids whose `@id` lines count. */
  readonly activeIds?: ReadonlySet<string>;
  /** Findings are added here. */
  readonly diagnostics: Diagnostic[];
}

/** Parses any text; `printTree` of the result gives the text again. */
export function parseTree(text: string, options: ParseOptions): Tree {
  return new TreeParser(text, options).parse();
}

/** Nodes of a block under construction. */
interface OpenBlock {
  readonly words: readonly Word[];
  readonly open: Brace;
  readonly children: Node[];
}

class TreeParser {
  readonly #scanner: Scanner;
  readonly #file: string;
  readonly #diagnostics: Diagnostic[];
  readonly #root: Node[] = [];
  readonly #open: OpenBlock[] = [];
  #words: Word[] = [];
  /** The first block whose closing brace stands left of its keyword, as another block's brace does. */
  #outdented: OpenBlock | undefined;

  constructor(text: string, options: ParseOptions) {
    this.#scanner = new Scanner(text, options.activeIds ?? new Set());
    this.#file = options.file;
    this.#diagnostics = options.diagnostics;
  }

  parse(): Tree {
    for (;;) {
      const piece = this.#scanner.next();
      if (piece.kind === "end") {
        this.#finishDirective();
        this.#closeUnterminated();
        return { file: this.#file, children: this.#root, tail: piece.gap };
      }
      this.#take(piece);
    }
  }

  #take(piece: Piece): void {
    switch (piece.kind) {
      case "word":
        if (piece.first) this.#finishDirective();
        this.#words.push(this.#word(piece));
        return;
      case "definition":
        this.#finishDirective();
        this.#siblings().push(definition(piece));
        return;
      case "open":
        this.#openBlock(piece);
        return;
      case "close":
        this.#finishDirective();
        this.#closeBlock(piece);
        return;
      case "end":
        return;
    }
  }

  #word(piece: Piece): Word {
    if (piece.unterminated) {
      this.#diagnostics.push({
        severity: "error",
        code: "unterminated-quote",
        message: "the quote that opens here is not closed on its line",
        span: this.#span(piece, piece.raw.length),
        effect: "keepalived drops the word",
        fix: 'add the closing `"`',
      });
    }
    const { gap, raw, text, quoted, line, column, cut } = piece;
    return { gap, raw, text, quoted, line, column, cut };
  }

  #siblings(): Node[] {
    return this.#open.at(-1)?.children ?? this.#root;
  }

  #finishDirective(): void {
    if (this.#words.length === 0) return;
    const directive: Directive = { kind: "directive", words: this.#words };
    this.#siblings().push(directive);
    this.#words = [];
  }

  #openBlock(piece: Piece): void {
    const open = brace(piece);
    if (this.#words.length === 0) {
      this.#siblings().push({ kind: "stray", brace: open, text: "{" });
      this.#diagnostics.push({
        severity: "warning",
        code: "unexpected-brace",
        message: "`{` without a keyword before it",
        span: this.#span(piece, 1),
        effect: "the brace is ignored; the `}` that belongs to it then closes another block",
        fix: "name the block before the brace",
      });
      return;
    }
    this.#open.push({ words: this.#words, open, children: [] });
    this.#words = [];
  }

  #closeBlock(piece: Piece): void {
    const block = this.#open.pop();
    if (block === undefined) {
      this.#root.push({ kind: "stray", brace: brace(piece), text: "}" });
      this.#diagnostics.push({
        severity: "warning",
        code: "unmatched-brace",
        message: "`}` closes no block",
        span: this.#span(piece, 1),
        effect: "the brace is ignored; a block may have ended earlier than meant",
        fix: "remove it, or add the `{` that it belongs to",
      });
      return;
    }
    const keyword = block.words[0];
    if (piece.first && keyword !== undefined && piece.column < keyword.column)
      this.#outdented ??= block;
    this.#finishBlock(block, brace(piece));
  }

  #finishBlock(open: OpenBlock, close: Brace | undefined): void {
    const block: Block =
      close === undefined
        ? { open: open.open, children: open.children }
        : { open: open.open, children: open.children, close };
    this.#siblings().push({ kind: "directive", words: open.words, block });
  }

  /** One missing brace leaves every outer block open as well: one finding says it. */
  #closeUnterminated(): void {
    if (this.#open.length === 0) return;
    const culprit = this.#outdented ?? this.#likelyCulprit();
    this.#diagnostics.push({
      severity: "error",
      code: "unterminated-block",
      message: `the block \`${culprit?.words[0]?.text ?? ""}\` is not closed`,
      span: this.#span(culprit?.open ?? { line: 1, column: 1 }, 1),
      label: "opens here",
      effect: "everything behind it is read as part of this block",
      fix: "add the missing `}`",
    });
    for (let block = this.#open.pop(); block !== undefined; block = this.#open.pop())
      this.#finishBlock(block, undefined);
  }

  /** The first block that holds something no deeper indented than itself; else the innermost. */
  #likelyCulprit(): OpenBlock | undefined {
    for (const [i, block] of this.#open.entries()) {
      const column = block.words[0]?.column ?? 1;
      const held = [
        ...block.children,
        { kind: "directive", words: this.#open[i + 1]?.words ?? [] },
      ];
      for (const child of held) {
        if (child.kind !== "directive" || !("words" in child)) continue;
        const first = child.words[0];
        if (first !== undefined && first.column <= column && first.line > block.open.line)
          return block;
      }
    }
    return this.#open.at(-1);
  }

  #span(place: { readonly line: number; readonly column: number }, length: number): Span {
    return { file: this.#file, line: place.line, column: place.column, length };
  }
}

function brace(piece: Piece): Brace {
  return { gap: piece.gap, line: piece.line, column: piece.column };
}

function definition(piece: Piece): Node {
  const equals = piece.raw.indexOf("=");
  return {
    kind: "definition",
    gap: piece.gap,
    raw: piece.raw,
    name: piece.raw.slice(1, equals),
    body: definitionBody(piece.raw.slice(equals + 1)),
    line: piece.line,
    column: piece.column,
  };
}
