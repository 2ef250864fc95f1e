// The outline of a file: its blocks.

import { type DocumentSymbol, SymbolKind } from "vscode-languageserver";
import { parseTree } from "../conf/keepalived/language/parse-tree.ts";
import type { Directive, Node } from "../conf/keepalived/language/tree.ts";

/** Deeper blocks are details. */
const depthMax = 4;

/** The blocks of a text, nested. */
export function symbolsOf(text: string): readonly DocumentSymbol[] {
  return symbolsIn(parseTree(text, { file: "", diagnostics: [] }).children, depthMax);
}

function symbolsIn(nodes: readonly Node[], depth: number): DocumentSymbol[] {
  if (depth === 0) return [];
  return nodes.filter((node) => node.kind === "directive").flatMap((node) => symbolOf(node, depth));
}

function symbolOf({ words, block }: Directive, depth: number): DocumentSymbol[] {
  const first = words[0];
  const last = words.at(-1);
  if (first === undefined || last === undefined || block === undefined) return [];
  const start = { line: first.line - 1, character: first.column - 1 };
  const nameEnd = { line: last.line - 1, character: last.column - 1 + last.raw.length };
  const { close } = block;
  const end = close === undefined ? nameEnd : { line: close.line - 1, character: close.column };
  return [
    {
      name: words.map((word) => word.text).join(" "),
      kind: SymbolKind.Struct,
      range: { start, end },
      selectionRange: { start, end: nameEnd },
      children: symbolsIn(block.children, depth - 1),
    },
  ];
}
