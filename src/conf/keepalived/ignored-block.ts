// What is ignored with a line: the lines of its block.

import type { Line } from "./language/expand.ts";

/** The last line of a block that is ignored with its keyword, however deep; nothing for a line without block. */
export function coveredBlock(line: Line): { readonly coversTo?: number } {
  if (line.block === undefined) return {};
  let coversTo = line.span(0).line;
  const pending = [...line.block];
  for (let inner = pending.pop(); inner !== undefined; inner = pending.pop()) {
    if (inner.file === line.file) coversTo = Math.max(coversTo, inner.span(0).line);
    for (const deeper of inner.block ?? []) pending.push(deeper);
  }
  return { coversTo };
}
