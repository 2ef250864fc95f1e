// Findings that only repeat another one: what a reader says of a word that looks right and holds a foreign character, of a
// line whose braces are those of a template, of a block that keeps one keyword of many.

import type { Diagnostic } from "./diagnostic.ts";

/** Rules that say all there is to say about their line. */
const speaksForLine: ReadonlySet<string> = new Set(["S03", "S04", "S07", "S31", "S32"]);

/**
 * The findings without those that stand on the line of one that says it all; advice and what is not acted on stay. When
 * one of those that go stops the start, the one that stays does.
 */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const speakers = new Map<string, Diagnostic>();
  for (const finding of diagnostics)
    if (speaksForLine.has(finding.code) && finding.severity === "error")
      speakers.set(lineOf(finding), finding);
  if (speakers.size === 0) return diagnostics;
  const stopping = new Set<Diagnostic>();
  const kept = diagnostics.filter((finding) => {
    const speaker = speakers.get(lineOf(finding));
    if (speaker === undefined || !isEcho(finding)) return true;
    if (finding.stops === true) stopping.add(speaker);
    return false;
  });
  if (stopping.size === 0) return kept;
  return kept.map((finding) => (stopping.has(finding) ? { ...finding, stops: true } : finding));
}

function isEcho({ code, severity }: Diagnostic): boolean {
  return severity !== "advice" && /^[SVL]/.test(code) && !speaksForLine.has(code);
}

function lineOf({ span }: Diagnostic): string {
  return `${span.line} ${span.file}`;
}
