// The lossless tree of one keepalived.conf. Every piece carries the text between it and the piece
// before (blanks, comments, inactive lines), so that printing the tree gives the file again, byte by byte.

/** One word of a line. */
export interface Word {
  /** As written, with its quotes; for a word that comes from a definition, as the definition has it. */
  readonly raw: string;
  /** What it says: without quotes. */
  readonly text: string;
  readonly quoted: boolean;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** How much of its line it takes, in UTF-16 units: where a definition is used, as much as its name. */
  readonly length: number;
  /** True when a comment sign follows without a blank, as in `ab!cd`. */
  readonly cut: boolean;
}

/** A word of a tree. */
export interface TreeWord extends Word {
  /** Blanks, line ends and comments before the word. */
  readonly gap: string;
}

/** A brace. */
export interface Brace {
  readonly gap: string;
  readonly line: number;
  readonly column: number;
}

/** A keyword with its arguments, and a block when one opens behind them. */
export interface Directive {
  readonly kind: "directive";
  /** At least one. */
  readonly words: readonly TreeWord[];
  readonly block?: Block;
}

/** A parameter definition: `$NAME=value`, over several lines when they end in a backslash. */
export interface Definition {
  readonly kind: "definition";
  readonly gap: string;
  readonly raw: string;
  readonly name: string;
  /** The value, its lines joined by line feeds. */
  readonly body: string;
  readonly line: number;
  readonly column: number;
}

/** A brace that opens nothing or closes nothing. */
export interface StrayBrace {
  readonly kind: "stray";
  readonly brace: Brace;
  readonly text: "{" | "}";
}

export type Node = Directive | Definition | StrayBrace;

/** What stands between two braces. */
export interface Block {
  readonly open: Brace;
  readonly children: readonly Node[];
  /** Absent when the file ends before the block does. */
  readonly close?: Brace;
}

/** One file. */
export interface Tree {
  readonly file: string;
  readonly children: readonly Node[];
  /** Blanks and comments after the last piece. */
  readonly tail: string;
}

/** The text of a tree: for an unchanged one, exactly the text that was parsed. */
export function printTree(tree: Tree): string {
  const parts: string[] = [];
  // A stack of its own, because nesting is as deep as the file likes.
  const pending: (Node | Brace)[] = tree.children.toReversed();
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (!("kind" in next)) parts.push(next.gap, "}");
    else if (next.kind === "definition") parts.push(next.gap, next.raw);
    else if (next.kind === "stray") parts.push(next.brace.gap, next.text);
    else {
      for (const word of next.words) parts.push(word.gap, word.raw);
      if (next.block === undefined) continue;
      parts.push(next.block.open.gap, "{");
      if (next.block.close !== undefined) pending.push(next.block.close);
      for (const child of next.block.children.toReversed()) pending.push(child);
    }
  }
  parts.push(tree.tail);
  return parts.join("");
}
