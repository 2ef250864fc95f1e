// Findings that only repeat another one: what a reader says of a word that looks right and holds a foreign character, of
// a line whose braces are those of a template, of a block that keeps one keyword of many.

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
 * In a template that was not filled in, what its braces seem to do is a warning.
 */
export function withoutEchoes(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const speakers = new Map<string, Diagnostic>();
  const places = new Set<string>();
  const templates = new Set<string>();
  for (const finding of diagnostics) {
    if (finding.severity === "advice") continue;
    if (finding.code === "S32") templates.add(finding.span.file);
    if (finding.severity === "error") places.add(placeOf(finding));
    const before = speakers.get(lineOf(finding));
    if (weightOf(finding) > (before === undefined ? 0 : weightOf(before)))
      speakers.set(lineOf(finding), finding);
  }
  if (places.size === 0 && speakers.size === 0) return diagnostics;
  const stopping = new Set<Diagnostic>();
  const covering = new Map<Diagnostic, number>();
  const kept = diagnostics.filter((finding) => {
    if (finding.severity === "advice") return !places.has(placeOf(finding));
    const speaker = speakers.get(lineOf(finding));
    if (speaker === undefined || !isEcho(finding, speaker)) return true;
    if (finding.stops === true) stopping.add(speaker);
    if (finding.coversTo !== undefined)
      covering.set(speaker, Math.max(finding.coversTo, covering.get(speaker) ?? 0));
    return false;
  });
  if (stopping.size === 0 && covering.size === 0 && templates.size === 0) return kept;
  return kept.map((written) => {
    const coversTo = covering.get(written);
    const finding = coversTo === undefined ? written : { ...written, coversTo };
    if (stopping.has(written)) return { ...finding, stops: true };
    const { code, severity, span } = finding;
    const isEffect = templates.has(span.file) && code.startsWith("S") && severity === "error";
    return isEffect && finding.stops !== true ? { ...finding, severity: "warning" } : finding;
  });
}

function isEcho(finding: Diagnostic, speaker: Diagnostic): boolean {
  return /^[SVL]/.test(finding.code) && weightOf(finding) < weightOf(speaker);
}

function weightOf({ code }: Diagnostic): number {
  return weights[code] ?? 0;
}

function lineOf({ span }: Diagnostic): string {
  return `${span.line} ${span.file}`;
}

function placeOf({ span }: Diagnostic): string {
  return `${span.line} ${span.column} ${span.file}`;
}
