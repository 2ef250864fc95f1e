// Findings in the order of the text.

import type { Diagnostic } from "./diagnostic.ts";

/** Sorts findings file by file, as `files` come, and line by line. What is found at one place keeps its order. */
export function orderDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
): readonly Diagnostic[] {
  const order = new Map(files.map((file, i) => [file, i]));
  const fileOf = (diagnostic: Diagnostic): number => order.get(diagnostic.span.file) ?? -1;
  return diagnostics.toSorted(
    (a, b) => fileOf(a) - fileOf(b) || a.span.line - b.span.line || a.span.column - b.span.column,
  );
}
