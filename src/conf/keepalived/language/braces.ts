// Blocks that are open: which closing brace belongs to which opening one, and what is said when one is left over.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import type { Word } from "./tree.ts";
import { wordSpan } from "./words.ts";

/** Blocks deeper than this are refused. */
export const nestingMax = 64;

/** What the search for a missing brace looks at. */
export interface Opened {
  readonly file: string;
  /** At least one. */
  readonly words: readonly Word[];
  /** The column of its first word. */
  readonly keywordColumn: number;
  /** The place of its brace. */
  readonly line: number;
  readonly column: number;
}

/** Words that open a block of the file itself and stand in no other one. */
export const rootKeywords: ReadonlySet<string> = new Set([
  ..."global_defs vrrp_instance vrrp_sync_group vrrp_script virtual_server bfd_instance".split(" "),
  ..."virtual_server_group static_ipaddress static_routes static_rules vrrp_track_process".split(
    " ",
  ),
]);

/** The open blocks of a text, or of a file with all that it includes. */
export class Braces<Block extends Opened> {
  readonly open: Block[] = [];
  readonly #diagnostics: Diagnostic[];
  /** The first block whose closing brace stands left of its keyword, as another block's brace does. */
  #outdented: Block | undefined;
  /** The pair of braces that closed last on the outermost level. */
  #lastPair: { readonly block: Block; readonly close: Span } | undefined;
  #deepReported = false;

  readonly #childrenOf: (block: Block) => readonly object[];

  /** `childrenOf` gives what an open block holds, and may go on behind it; what has no `words` tells nothing. */
  constructor(diagnostics: Diagnostic[], childrenOf: (block: Block) => readonly object[]) {
    this.#diagnostics = diagnostics;
    this.#childrenOf = childrenOf;
  }

  /** A block opens. */
  opened(block: Block): void {
    this.open.push(block);
    if (this.open.length > nestingMax && !this.#deepReported) this.#tooDeep(block);
  }

  #tooDeep(block: Block): void {
    this.#deepReported = true;
    this.#diagnostics.push({
      severity: "error",
      code: "S45",
      message: "blocks are nested too deep",
      span: braceSpan(block),
      stops: true,
      label: `more than ${nestingMax} blocks are open here`,
      fix: "close the blocks before",
    });
  }

  /** A brace closes the innermost block, which is given; undefined when none is open. `leads`: it begins its line. */
  closed(file: string, line: number, column: number, leads: boolean): Block | undefined {
    const block = this.open.pop();
    if (block === undefined) {
      this.#unmatched({ file, line, column, length: 1 }, leads);
      return undefined;
    }
    if (leads && this.#outdented === undefined && block.file === file)
      if (column < block.keywordColumn) this.#outdented = block;
    if (this.open.length === 0)
      this.#lastPair = { block, close: { file, line, column, length: 1 } };
    return block;
  }

  /** A brace opens, and no keyword stands before it. */
  unexpected(brace: Span): void {
    this.#diagnostics.push({
      severity: "error",
      code: "S26",
      message: "`{` without a keyword before it",
      span: brace,
      effect: "the brace is ignored; the `}` that belongs to it then closes another block",
      fix: "name the block before the brace, or remove both braces",
      stock: "Unexpected '{' - ignoring",
    });
  }

  /** The text ends. One missing brace leaves every outer block open as well: one finding says it. */
  ended(): void {
    const count = this.open.length;
    if (count === 0) return;
    const culprit = this.#outdented ?? this.#likelyCulprit();
    if (culprit === undefined) return;
    const inside = this.open.includes(culprit) ? undefined : this.open[0];
    this.#diagnostics.push({
      severity: "error",
      code: "S05",
      message: `the block \`${culprit.words[0]?.text ?? ""}\` is not closed`,
      span: braceSpan(culprit),
      label: "opens here",
      ...(inside === undefined
        ? {}
        : { related: [{ span: braceSpan(inside), label: "this block is left open by it" }] }),
      effect: "everything behind it is read as part of this block",
      fix: "add the missing `}`",
      stops: true,
      stock: `There are ${count} missing '}'s or extra '{'s`,
    });
  }

  #unmatched(brace: Span, leads: boolean): void {
    const pair = this.#lastPair;
    const keyword = pair?.block.words[0];
    this.#diagnostics.push({
      severity: "error",
      code: "S06",
      message: "`}` closes no block",
      span: brace,
      ...(pair === undefined || keyword === undefined
        ? {}
        : {
            related: [
              {
                span: wordSpan(keyword, pair.block.file),
                label: "the block before begins here ...",
              },
              { span: pair.close, label: "... and has ended here" },
            ],
          }),
      effect: "the brace is ignored; a block may have ended earlier than meant",
      fix: "remove it, or add the `{` that it belongs to",
      ...(leads && brace.length > 0 ? { edits: [{ span: brace, newText: "" }] } : {}),
      stock: "Extra '}' found",
    });
  }

  /** The block that holds what can only stand outside, else the first that holds something no deeper indented. */
  #likelyCulprit(): Block | undefined {
    for (const [i, block] of this.open.entries())
      if (i > 0 && rootKeywords.has(block.words[0]?.text ?? "")) return this.open[i - 1];
    for (const [i, block] of this.open.entries()) {
      const column = block.keywordColumn;
      const inner = this.open[i + 1];
      const children = this.#childrenOf(block);
      for (const child of inner === undefined ? children : [...children, inner]) {
        const first = firstWordOf(child);
        if (first === undefined || first.line <= block.line) continue;
        if (first.column <= column || rootKeywords.has(first.text)) return block;
      }
    }
    return this.open.at(-1);
  }
}

function braceSpan({ file, line, column }: Opened): Span {
  return { file, line, column, length: 1 };
}

function firstWordOf(child: object): Word | undefined {
  return "words" in child ? (child as { readonly words: readonly Word[] }).words[0] : undefined;
}
