// How many findings of which kind, in how much text.

import type { Diagnostic, Severity, Sources } from "./diagnostic.ts";

/** The numbers of one run. */
export interface Summary {
  readonly errors: number;
  readonly warnings: number;
  readonly advice: number;
  readonly suppressed: number;
  /** Findings that `--fix` mends. */
  readonly fixable: number;
  readonly files: number;
  readonly lines: number;
  readonly elapsedMs?: number;
}

/** Counts findings and the text that they are about. */
export function summarize(
  diagnostics: readonly Diagnostic[],
  suppressedCount: number,
  sources: Sources,
  elapsedMs: number | undefined,
): Summary {
  const countOf = (severity: Severity): number =>
    diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  return {
    errors: countOf("error"),
    warnings: countOf("warning"),
    advice: countOf("advice"),
    suppressed: suppressedCount,
    fixable: diagnostics.filter(({ edits = [] }) => edits.length > 0).length,
    files: sources.size,
    lines: linesIn(sources),
    ...(elapsedMs === undefined ? {} : { elapsedMs }),
  };
}

function linesIn(sources: Sources): number {
  let count = 0;
  for (const text of sources.values())
    count += text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return count;
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
