// The edits that move a block of the file in front of another one, where nothing depends on the order in between.

import { parseTree } from "../keepalived/language/parse-tree.ts";
import type { Directive, Node } from "../keepalived/language/tree.ts";
import type { Setting } from "../keepalived/section.ts";
import type { Edit, Sources } from "../text/diagnostic.ts";

/**
 * Moves the lines of `block` in front of those of `target`, both blocks of one file. None when that is not certain: a
 * brace shares its line with something else, or definitions, conditions or repetitions stand in between.
 */
export function moveBlockUp(sources: Sources, block: Setting, target: Setting): readonly Edit[] {
  const { file } = block.line;
  const text = sources.get(file);
  if (text === undefined || target.line.file !== file) return [];
  const { children } = parseTree(text, { file, diagnostics: [] });
  const to = indexOf(children, target);
  const from = indexOf(children, block);
  const moved = children[from];
  if (to < 0 || from <= to || moved?.kind !== "directive") return [];
  if (children.slice(to, from + 1).some((node) => node.kind !== "directive")) return [];
  const lines = text.split("\n");
  const first = moved.words[0]?.line ?? 0;
  const last = moved.block?.close?.line ?? 0;
  if (!isAlone(lines, moved, last)) return [];
  const between = lines.slice((target.line.words[0]?.line ?? 1) - 1, last);
  if (between.some((line) => /[$~]|^\s*@|^\s*include/.test(line))) return [];
  const body = lines.slice(first - 1, last);
  const length = body.reduce((sum, line) => sum + line.length + 1, 0);
  const beyond = last >= lines.length ? 1 : 0;
  return [
    {
      span: { file, line: firstLineOf(lines, target), column: 1, length: 0 },
      newText: `${body.join("\n")}\n\n`,
    },
    { span: { file, line: first, column: 1, length: length - beyond }, newText: "" },
  ];
}

function indexOf(nodes: readonly Node[], setting: Setting): number {
  const word = setting.line.words[0];
  return nodes.findIndex(
    (node) =>
      node.kind === "directive" &&
      node.words[0]?.line === word?.line &&
      node.words[0]?.column === word?.column,
  );
}

/** True when no other piece stands on the first and the last line of a block. */
function isAlone(lines: readonly string[], moved: Directive, last: number): boolean {
  const word = moved.words[0];
  const close = moved.block?.close;
  if (word === undefined || close === undefined || last <= word.line) return false;
  const before = lines[word.line - 1]?.slice(0, word.column - 1) ?? "";
  const behind = lines[last - 1]?.slice(close.column) ?? "";
  return before.trim() === "" && /^\s*([#!].*)?$/.test(behind);
}

/** The first line of a block, or of the comment that stands right above it. */
function firstLineOf(lines: readonly string[], target: Setting): number {
  let line = target.line.words[0]?.line ?? 1;
  while (line > 1 && /^\s*[#!]/.test(lines[line - 2] ?? "")) line--;
  return line;
}
