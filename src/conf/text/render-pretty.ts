// Findings for people: the line, a caret, what it means at run time, the fix, where to read more.

import type { Diagnostic, Severity, Sources, Span } from "./diagnostic.ts";
import { cutLine, displayWidth, printableText, wrapWords } from "./display.ts";
import {
  type PaintText,
  paintText,
  type RenderOptions,
  severityStyles,
  type TextStyle,
} from "./render-options.ts";
import { plural, type Summary, summarize } from "./summary.ts";

const relatedMax = 8;

/** Renders findings in the order given and a last line that sums them up. */
export function renderPretty(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  const page = new PrettyPage(sources, options);
  const limit = options.perRuleMax ?? Number.POSITIVE_INFINITY;
  const counts = new Map<string, { count: number; readonly code: string; readonly file: string }>();
  let out = "";
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    const { file } = diagnostic.span;
    const id = `${code} ${file}`;
    const seen = counts.get(id) ?? { count: 0, code, file };
    seen.count++;
    counts.set(id, seen);
    if (seen.count <= limit) out += `${page.finding(diagnostic)}\n\n`;
  }
  for (const { count, code, file } of counts.values())
    if (count > limit)
      out += `... and ${count - limit} more of ${code} in ${printableText(file)}; --all shows them\n`;
  if ([...counts.values()].some(({ count }) => count > limit)) out += "\n";
  const { suppressed = [], elapsedMs } = options;
  const summary = summarize(diagnostics, suppressed.length, sources, elapsedMs);
  return `${out}${renderSummary(summary, paintText(options.color))}\n`;
}

/** `1 error, 2 warnings in 3 files (412 lines, 6 ms); 1 suppressed; --fix mends 2`. */
function renderSummary(summary: Summary, paint: PaintText): string {
  const { errors, warnings, advice, suppressed, fixable, files, lines, elapsedMs } = summary;
  const counts = [
    paint(errors > 0 ? "red" : "bold", plural(errors, "error")),
    paint(warnings > 0 ? "yellow" : "bold", plural(warnings, "warning")),
    ...(advice > 0 ? [`${advice} advice`] : []),
  ].join(", ");
  const time = elapsedMs === undefined ? "" : `, ${Math.round(elapsedMs)} ms`;
  const more = [
    ...(suppressed > 0 ? [`; ${suppressed} suppressed`] : []),
    ...(fixable > 0 ? [`; --fix mends ${fixable}`] : []),
  ].join("");
  return `${counts} in ${plural(files, "file")} (${plural(lines, "line")}${time})${more}`;
}

/** A place that is shown, with what is said about it. */
interface Mark {
  readonly span: Span;
  readonly label?: string;
  readonly primary: boolean;
}

class PrettyPage {
  readonly #options: RenderOptions;
  readonly #paint: PaintText;
  readonly #linesOf: ReadonlyMap<string, readonly string[]>;
  readonly #explained = new Set<string>();
  #margin = "";
  #severity: Severity = "error";

  constructor(sources: Sources, options: RenderOptions) {
    this.#options = options;
    this.#paint = paintText(options.color);
    this.#linesOf = new Map([...sources].map(([file, text]) => [file, text.split("\n")]));
  }

  /** One finding, without a line end. */
  finding(diagnostic: Diagnostic): string {
    const { severity, code, message, span, label, related = [], includedFrom = [] } = diagnostic;
    const told = related.slice(0, relatedMax);
    const marks: readonly Mark[] = [
      { span, primary: true, ...(label === undefined ? {} : { label }) },
      ...told.map((other) => ({ span: other.span, label: other.label, primary: false })),
    ];
    const digits = Math.max(2, ...marks.map((mark) => String(mark.span.line).length));
    this.#margin = " ".repeat(digits);
    this.#severity = severity;
    const out = [
      `${this.#paint(severityStyles[severity], `${severity}[${code}]`)}${this.#paint("bold", `: ${printableText(message)}`)}`,
      `${this.#margin}${this.#paint("blue", "-->")} ${place(span)}`,
      ...includedFrom.map(
        (from) =>
          `${this.#margin}    ${this.#paint("dim", `included from ${printableText(from.file)}:${from.line}`)}`,
      ),
      ...this.#snippet(marks.filter((mark) => mark.span.file === span.file)),
    ];
    const otherFiles = new Set(told.map((other) => other.span.file));
    otherFiles.delete(span.file);
    for (const file of otherFiles) out.push(...this.#elsewhere(marks, file));
    if (related.length > told.length)
      out.push(this.#note("also", `${related.length - told.length} more places`));
    return [...out, ...this.#notes(diagnostic)].join("\n");
  }

  #elsewhere(marks: readonly Mark[], file: string): readonly string[] {
    const there = marks.filter((mark) => mark.span.file === file);
    const first = there[0];
    if (first === undefined) return [];
    const head = `${this.#margin}${this.#paint("blue", ":::")} ${place(first.span)}`;
    const snippet = this.#snippet(there);
    if (snippet.length > 0) return [head, ...snippet];
    return there.map((mark) => `${head}: ${printableText(mark.label ?? "")}`);
  }

  /** The lines of one file, each with its marks; nothing when the file could not be read. */
  #snippet(marks: readonly Mark[]): readonly string[] {
    const [first] = marks;
    const lines = first === undefined ? undefined : this.#linesOf.get(first.span.file);
    const visible = marks.filter((mark) => mark.span.length > 0 || !mark.primary);
    if (lines === undefined || visible.length === 0) return [];
    const byLine = new Map<number, Mark[]>();
    for (const mark of visible.toSorted((a, b) => a.span.line - b.span.line))
      byLine.set(mark.span.line, [...(byLine.get(mark.span.line) ?? []), mark]);
    const bar = this.#paint("blue", "|");
    const out = [`${this.#margin} ${bar}`];
    for (const [line, here] of byLine) out.push(...this.#line(lines[line - 1] ?? "", here));
    return out;
  }

  #line(text: string, marks: readonly Mark[]): readonly string[] {
    const leading = marks.find((mark) => mark.primary) ?? marks[0];
    if (leading === undefined) return [];
    const { span } = leading;
    const bar = this.#paint("blue", "|");
    const number = this.#paint("blue", String(span.line).padStart(this.#margin.length));
    const { before, marked, after } = cutLine(text, span.column, span.length);
    const shown = `${number} ${bar} ${before}${marked}${after}`.trimEnd();
    // A line that only explains carries its text behind itself: shorter, and read in one go.
    if (!leading.primary && marks.length === 1)
      return [`${shown}  ${this.#paint("blue", `── ${printableText(leading.label ?? "")}`)}`];
    const rows = marks.toSorted((a, b) => Number(b.primary) - Number(a.primary));
    return [shown, ...rows.map((mark) => `${this.#margin} ${bar} ${this.#pointer(text, mark)}`)];
  }

  #pointer(text: string, mark: Mark): string {
    const { before, marked } = cutLine(text, mark.span.column, mark.span.length);
    const sign = (mark.primary ? "^" : "-").repeat(Math.max(1, displayWidth(marked)));
    const said = mark.label === undefined ? "" : ` ${printableText(mark.label)}`;
    const style = mark.primary ? severityStyles[this.#severity] : "blue";
    return `${" ".repeat(displayWidth(before))}${this.#paint(style, `${sign}${said}`)}`;
  }

  #notes(diagnostic: Diagnostic): readonly string[] {
    const { code, effect, fix } = diagnostic;
    const notes: string[] = [];
    if (effect !== undefined) notes.push(this.#note("effect", effect));
    if (fix !== undefined) notes.push(this.#note("fix", fix));
    const rule = this.#options.ruleOf?.(code);
    if (rule === undefined || this.#explained.has(code)) return notes;
    this.#explained.add(code);
    return [...notes, ...this.#reading(code, rule.sources[0])];
  }

  /** Where to read more: one line where it fits. */
  #reading(code: string, source: string | undefined): readonly string[] {
    const command = `keelson check --explain ${code}`;
    if (source === undefined) return [this.#note("explain", command, "dim")];
    const both = `${source}   explain: ${command}`;
    const { width = 120 } = this.#options;
    if (this.#margin.length + 11 + both.length <= width) return [this.#note("seen", both, "dim")];
    return [this.#note("seen", source, "dim"), this.#note("explain", command, "dim")];
  }

  #note(kind: string, text: string, style?: TextStyle): string {
    const { width } = this.#options;
    const head = `${this.#margin} ${this.#paint("blue", "=")} ${this.#paint("bold", `${kind}:`)}`;
    const indent = this.#margin.length + 11;
    const words = printableText(text);
    const whole = width === undefined || style !== undefined;
    const lines = whole ? [words] : wrapWords(words, Math.max(30, width - indent));
    const shown = lines.map((line) => (style === undefined ? line : this.#paint(style, line)));
    return `${head}${" ".repeat(Math.max(1, 7 - kind.length))}${shown.join(`\n${" ".repeat(indent)}`)}`;
  }
}

function place(span: Span): string {
  return `${printableText(span.file)}:${span.line}:${span.column}`;
}
