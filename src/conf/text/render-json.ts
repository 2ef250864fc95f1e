// Findings for programs. The shape is documented in docs/reference/check-json.md and grows only by new members.

import type { Diagnostic, Edit, RelatedSpan, Sources, Span } from "./diagnostic.ts";
import type { RenderOptions, SuppressedDiagnostic } from "./render-options.ts";
import { summarize } from "./summary.ts";
import { positionsOf, type TextPositions } from "./text-position.ts";

type Positions = (file: string) => TextPositions | undefined;

/** Renders findings and their sum as one JSON object. */
export function renderJson(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  const positions = positionsOf(sources);
  const { suppressed = [], elapsedMs } = options;
  const page = {
    version: 1,
    diagnostics: [
      ...diagnostics.map((diagnostic) => jsonOf(diagnostic, positions, options)),
      ...suppressed.map((one) => ({
        ...jsonOf(one.diagnostic, positions, options),
        suppressed: suppressionOf(one, positions),
      })),
    ],
    summary: summarize(diagnostics, suppressed.length, sources, elapsedMs),
  };
  return `${JSON.stringify(page, undefined, 2)}\n`;
}

function jsonOf(diagnostic: Diagnostic, positions: Positions, options: RenderOptions): object {
  const { code, severity, message, span, label, related = [], includedFrom = [] } = diagnostic;
  const { stops = false, stock, coversTo, edits = [] } = diagnostic;
  const rule = options.ruleOf?.(code);
  const primary = label === undefined ? { span } : { span, label };
  return {
    code,
    ...(rule === undefined ? {} : { name: rule.name }),
    level: severity,
    message,
    stops,
    spans: [
      { ...placeOf(span, positions), primary: true, ...labelOf(primary) },
      ...related.map((other) => ({
        ...placeOf(other.span, positions),
        primary: false,
        ...labelOf(other),
      })),
    ],
    ...(coversTo === undefined ? {} : { covers: { fromLine: span.line, toLine: coversTo } }),
    includedFrom: includedFrom.map((from) => placeOf(from, positions)),
    children: childrenOf(diagnostic, rule?.sources ?? []),
    ...(edits.length === 0 ? {} : { suggestion: suggestionOf(edits, positions) }),
    ...(stock === undefined ? {} : { keepalived: stock }),
  };
}

function labelOf(place: Partial<RelatedSpan>): object {
  return place.label === undefined ? {} : { label: place.label };
}

function childrenOf(diagnostic: Diagnostic, sources: readonly string[]): readonly object[] {
  const { code, effect, fix } = diagnostic;
  return [
    ...(effect === undefined ? [] : [{ level: "effect", message: effect }]),
    ...(fix === undefined ? [] : [{ level: "fix", message: fix }]),
    ...sources.map((source) => ({ level: "seen", message: source })),
    { level: "explain", message: `keelson check --explain ${code}` },
  ];
}

function suggestionOf(edits: readonly Edit[], positions: Positions): object {
  return {
    applicability: "machine-applicable",
    edits: edits.map(({ span, newText }) => ({ ...placeOf(span, positions), newText })),
  };
}

function suppressionOf(one: SuppressedDiagnostic, positions: Positions): object {
  return { reason: one.reason, comment: placeOf(one.span, positions) };
}

/** A place with its end and its bytes; of files that could not be read only what is known. */
function placeOf(span: Span, positions: Positions): object {
  const { file, line, column, length } = span;
  const text = positions(file);
  if (text === undefined) return { file, line, column, endLine: line, endColumn: column + length };
  const { endLine, endColumn, byteStart, byteEnd } = text.extent(span);
  return { file, line, column, endLine, endColumn, byteStart, byteEnd, text: text.line(line) };
}
