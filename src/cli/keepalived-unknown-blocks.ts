// What keepalived says about the lines of a block that it does not know: it ignores the brace and reads each line as if it
// stood outside, where most of them are unknown as well.

import { parseTree } from "../conf/keepalived/language/parse-tree.ts";
import type { Directive, Node, Tree } from "../conf/keepalived/language/tree.ts";
import type { Configuration } from "../conf/rules/rule.ts";
import type { Diagnostic, Sources } from "../conf/text/diagnostic.ts";

/** The findings, and one for each line inside unknown blocks that stand outside of all others. */
export function withLinesOfUnknownBlocks(
  configuration: Configuration,
  diagnostics: readonly Diagnostic[],
  sources: Sources,
): readonly Diagnostic[] {
  const known = new Set(configuration.root.spec.keywords.map(({ name }) => name));
  const trees = new Map<string, Tree>();
  const more: Diagnostic[] = [];
  for (const diagnostic of diagnostics) {
    const { stock, span } = diagnostic;
    if (stock?.startsWith("Unknown keyword ") !== true) continue;
    const text = sources.get(span.file);
    const tree =
      trees.get(span.file) ?? parseTree(text ?? "", { file: span.file, diagnostics: [] });
    trees.set(span.file, tree);
    const block = tree.children.find((node): node is Directive => isAt(node, span.line));
    if (block !== undefined) addLines(block, diagnostic, known, more);
  }
  return [...diagnostics, ...more];
}

function isAt(node: Node, line: number): node is Directive {
  return node.kind === "directive" && node.block !== undefined && node.words[0]?.line === line;
}

function addLines(
  { block }: Directive,
  cause: Diagnostic,
  known: ReadonlySet<string>,
  more: Diagnostic[],
): void {
  if (block === undefined) return;
  const { edits: _edits, related: _related, label: _label, ...plain } = cause;
  const add = (line: number, column: number, stock: string): void => {
    more.push({ ...plain, span: { ...cause.span, line, column, length: 1 }, stock });
  };
  add(block.open.line, block.open.column, "Unexpected '{' - ignoring");
  for (const child of block.children) {
    const word = child.kind === "directive" ? child.words[0] : undefined;
    // A keyword that stands outside of blocks is read, although nobody meant it there.
    if (child.kind !== "directive" || word === undefined || known.has(word.text)) continue;
    add(word.line, word.column, `Unknown keyword '${word.text}'`);
    addLines(child, cause, known, more);
  }
  if (block.close !== undefined) add(block.close.line, block.close.column, "Unknown keyword '}'");
}
