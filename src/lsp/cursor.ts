// Where a position is in a text: in which block, on which word of which line.

import type { Position } from "vscode-languageserver";
import { parseTree } from "../conf/keepalived/language/parse-tree.ts";
import type { Brace, Directive, Node, TreeWord } from "../conf/keepalived/language/tree.ts";

/** What surrounds a position. */
export interface Cursor {
  /** `virtual_server/real_server`; `/` outside of blocks. */
  readonly blockPath: string;
  /** Words of the line before the position, the one under it included. */
  readonly words: readonly TreeWord[];
  /** The index of the word under the position or right before it; `words.length` behind a blank. */
  readonly wordIndex: number;
}

/** Finds out. Never throws, whatever the text. */
export function cursorAt(text: string, position: Position): Cursor {
  const tree = parseTree(text, { file: "", diagnostics: [] });
  const path: string[] = [];
  let nodes: readonly Node[] = tree.children;
  let line: Directive | undefined;
  for (let inner: Directive | undefined; ; nodes = inner.block?.children ?? []) {
    line = nodes.find((node) => isDirective(node) && standsAt(node, position)) as
      | Directive
      | undefined;
    inner = nodes.find((node) => isDirective(node) && holds(node, position)) as
      | Directive
      | undefined;
    if (inner === undefined) break;
    path.push(inner.words[0]?.text ?? "");
  }
  const words = (line?.words ?? []).filter((word) => isBefore(word, position));
  const last = words.at(-1);
  const touches = last !== undefined && position.character <= last.column - 1 + last.raw.length;
  return {
    blockPath: path.length === 0 ? "/" : path.join("/"),
    words,
    wordIndex: touches ? words.length - 1 : words.length,
  };
}

function isDirective(node: Node): node is Directive {
  return node.kind === "directive";
}

function standsAt(directive: Directive, position: Position): boolean {
  return directive.words.some((word) => word.line === position.line + 1);
}

function holds({ block }: Directive, position: Position): boolean {
  if (block === undefined) return false;
  return (
    isBehind(block.open, position) &&
    (block.close === undefined || !isBehind(block.close, position))
  );
}

function isBehind(brace: Brace, { line, character }: Position): boolean {
  return brace.line < line + 1 || (brace.line === line + 1 && brace.column <= character);
}

function isBefore(word: TreeWord, { line, character }: Position): boolean {
  return word.line === line + 1 && word.column - 1 <= character;
}
