// Findings that only repeat another one: what a reader says of a word that looks right and holds a foreign character, or of
// a line whose braces are those of a template.

import type { Diagnostic } from "./diagnostic.ts";

/** Rules that say all there is to say about their line. */
const speaksForLine: ReadonlySet<string> = new Set(["S31", "S32"]);

/** The findings without those that stand on the line of one that says it all; advice and what is not acted on stay. */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const lines = new Set<string>();
  for (const { code, severity, span } of diagnostics)
    if (speaksForLine.has(code) && severity === "error") lines.add(`${span.line} ${span.file}`);
  if (lines.size === 0) return diagnostics;
  return diagnostics.filter(
    ({ code, span }) =>
      !/^[SVL]/.test(code) || speaksForLine.has(code) || !lines.has(`${span.line} ${span.file}`),
  );
}
