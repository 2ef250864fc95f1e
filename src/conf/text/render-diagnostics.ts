// Diagnostics as text: for people (the line, a caret, what it means, the fix), for editors, for programs.

import type { Diagnostic, Severity, Sources, Span } from "./diagnostic.ts";
import { cutLine, displayWidth, printableText } from "./display.ts";

/** `pretty` for people, `short` one line each (`file:line:column: error[code]: ...`), `json` for programs. */
export type DiagnosticFormat = "pretty" | "short" | "json";

/** How to render. */
export interface RenderOptions {
  readonly format: DiagnosticFormat;
  /** True: with the colours of ANSI terminals (pretty and short). */
  readonly color: boolean;
  /** Is told in the last line when given. */
  readonly elapsedMs?: number;
}

const styles = { bold: "1", red: "1;31", yellow: "1;33", cyan: "1;36", blue: "1;34", dim: "2" };

type Paint = (style: keyof typeof styles, text: string) => string;

const severityStyles: Readonly<Record<Severity, keyof typeof styles>> = {
  error: "red",
  warning: "yellow",
  advice: "cyan",
};

/** Renders findings and, unless the format is short, a last line that sums them up. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  if (options.format === "json") return renderJson(diagnostics, sources, options);
  const paint: Paint = (style, text) =>
    options.color ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
  if (options.format === "short")
    return diagnostics.map((diagnostic) => `${renderShort(diagnostic, paint)}\n`).join("");
  const linesOf = splitSources(sources);
  const blocks = diagnostics.map((diagnostic) => renderPretty(diagnostic, linesOf, paint));
  return `${blocks.join("")}${renderSummary(diagnostics, sources, options, paint)}\n`;
}

function renderShort(diagnostic: Diagnostic, paint: Paint): string {
  const { severity, code, span } = diagnostic;
  const { message, label, effect } = diagnostic;
  const more = [label, effect].filter((text) => text !== undefined).join("; ");
  return printableText(`${span.file}:${span.line}:${span.column}: `).concat(
    paint(severityStyles[severity], `${severity}[${code}]`),
    printableText(`: ${message}${more === "" ? "" : ` (${more})`}`),
  );
}

function splitSources(sources: Sources): ReadonlyMap<string, readonly string[]> {
  return new Map([...sources].map(([file, text]) => [file, text.split("\n")]));
}

/** A line of a file that is shown, with what is said about it. */
interface ShownLine {
  readonly span: Span;
  readonly label?: string;
  readonly primary: boolean;
}

function renderPretty(
  diagnostic: Diagnostic,
  linesOf: ReadonlyMap<string, readonly string[]>,
  paint: Paint,
): string {
  const { severity, code, message, span, label, related = [], effect, fix } = diagnostic;
  const shown: ShownLine[] = [
    { span, primary: true, ...(label === undefined ? {} : { label }) },
    ...related.map((other) => ({ span: other.span, label: other.label, primary: false })),
  ];
  const here = shown.filter((line) => line.span.file === span.file);
  here.sort((a, b) => a.span.line - b.span.line);
  const elsewhere = shown.filter((line) => line.span.file !== span.file);
  const width = Math.max(2, ...here.map((line) => String(line.span.line).length));
  const bar = paint("blue", "|");
  const margin = " ".repeat(width);
  const out = [
    `${paint(severityStyles[severity], `${severity}[${code}]`)}${paint("bold", `: ${printableText(message)}`)}`,
    `${margin}${paint("blue", "-->")} ${printableText(span.file)}:${span.line}:${span.column}`,
  ];
  const lines = linesOf.get(span.file);
  if (lines !== undefined && span.length > 0) {
    out.push(`${margin} ${bar}`);
    for (const line of here) out.push(...renderLine(line, lines, width, { severity, paint }));
  }
  for (const { span: place, label: text } of elsewhere)
    out.push(
      `${margin} ${paint("blue", ":")} ${place.file}:${place.line}:${place.column}: ${text}`,
    );
  if (effect !== undefined)
    out.push(
      `${margin} ${paint("blue", "=")} ${paint("bold", "effect:")} ${printableText(effect)}`,
    );
  if (fix !== undefined)
    out.push(`${margin} ${paint("blue", "=")} ${paint("bold", "fix:")}    ${printableText(fix)}`);
  return `${out.join("\n")}\n\n`;
}

function renderLine(
  line: ShownLine,
  lines: readonly string[],
  width: number,
  look: { readonly severity: Severity; readonly paint: Paint },
): readonly string[] {
  const { span, label, primary } = line;
  const { paint } = look;
  const { before, marked, after } = cutLine(lines[span.line - 1] ?? "", span.column, span.length);
  const bar = paint("blue", "|");
  const number = paint("blue", String(span.line).padStart(width));
  const text = `${number} ${bar} ${before}${marked}${after}`.trimEnd();
  if (!primary) return [`${text}  ${paint("blue", `── ${label ?? ""}`)}`];
  const carets = "^".repeat(Math.max(1, displayWidth(marked)));
  const said = label === undefined ? "" : ` ${printableText(label)}`;
  const pointer = `${" ".repeat(displayWidth(before))}${paint(severityStyles[look.severity], `${carets}${said}`)}`;
  return [text, `${" ".repeat(width)} ${bar} ${pointer}`];
}

function countOf(diagnostics: readonly Diagnostic[], severity: Severity): number {
  return diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
}

function linesIn(sources: Sources): number {
  let count = 0;
  for (const text of sources.values())
    count += text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
  return count;
}

function renderSummary(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
  paint: Paint,
): string {
  const errors = countOf(diagnostics, "error");
  const warnings = countOf(diagnostics, "warning");
  const advice = countOf(diagnostics, "advice");
  const counts = [
    paint(errors > 0 ? "red" : "bold", plural(errors, "error")),
    paint(warnings > 0 ? "yellow" : "bold", plural(warnings, "warning")),
    ...(advice > 0 ? [`${advice} advice`] : []),
  ].join(", ");
  const time = options.elapsedMs === undefined ? "" : `, ${Math.round(options.elapsedMs)} ms`;
  return `${counts} in ${plural(sources.size, "file")} (${plural(linesIn(sources), "line")}${time})`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function renderJson(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  const summary = {
    errors: countOf(diagnostics, "error"),
    warnings: countOf(diagnostics, "warning"),
    advice: countOf(diagnostics, "advice"),
    files: sources.size,
    lines: linesIn(sources),
    ...(options.elapsedMs === undefined ? {} : { elapsedMs: options.elapsedMs }),
  };
  return `${JSON.stringify({ diagnostics, summary }, undefined, 2)}\n`;
}
