// Findings that only repeat another one: what a reader says of a word that looks right and holds a foreign character, of a
// line whose braces are those of a template, of a block that keeps one keyword of many.

import type { Diagnostic } from "./diagnostic.ts";

/** How much a rule says about its line: the findings of lower ones there repeat it. */
const weights: Readonly<Record<string, number>> = {
  S03: 1,
  S04: 1,
  S07: 1,
  S25: 1,
  S31: 2,
  S32: 3,
};

/**
 * The findings without those that stand on the line of one that says it all; what is not acted on stays. When one of
 * those that go stops the start, the one that stays does. Advice about the very word that an error is about goes too.
 */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const speakers = new Map<string, Diagnostic>();
  const places = new Set<string>();
  for (const finding of diagnostics) {
    if (finding.severity !== "error") continue;
    places.add(placeOf(finding));
    const before = speakers.get(lineOf(finding));
    const weight = weights[finding.code] ?? 0;
    if (weight > (before === undefined ? 0 : (weights[before.code] ?? 0)))
      speakers.set(lineOf(finding), finding);
  }
  if (places.size === 0) return diagnostics;
  const stopping = new Set<Diagnostic>();
  const kept = diagnostics.filter((finding) => {
    if (finding.severity === "advice") return !places.has(placeOf(finding));
    const speaker = speakers.get(lineOf(finding));
    if (speaker === undefined || !isEcho(finding, speaker)) return true;
    if (finding.stops === true) stopping.add(speaker);
    return false;
  });
  if (stopping.size === 0) return kept;
  return kept.map((finding) => (stopping.has(finding) ? { ...finding, stops: true } : finding));
}

function isEcho(finding: Diagnostic, speaker: Diagnostic): boolean {
  const weight = weights[finding.code] ?? 0;
  return /^[SVL]/.test(finding.code) && weight < (weights[speaker.code] ?? 0);
}

function lineOf({ span }: Diagnostic): string {
  return `${span.line} ${span.file}`;
}

function placeOf({ span }: Diagnostic): string {
  return `${span.line} ${span.column} ${span.file}`;
}
