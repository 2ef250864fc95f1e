// How findings are rendered, whatever the form.

import type { Diagnostic, Severity, Span } from "./diagnostic.ts";

/**
 * `pretty` for people, `short` for editors (`file:line:column: error[code]: ...`), `json` for programs,
 * `sarif` and `github` for code review, `keepalived` for scripts that know what `keepalived -t` prints.
 */
export type DiagnosticFormat = "pretty" | "short" | "json" | "sarif" | "github" | "keepalived";

/** Every format, in the order in which they are told. */
export const diagnosticFormats: readonly DiagnosticFormat[] = [
  "pretty",
  "short",
  "json",
  "sarif",
  "github",
  "keepalived",
];

/** What renderers tell about a rule beside its findings. */
export interface RuleText {
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  readonly sources: readonly string[];
}

/** A finding that a comment in the file puts aside. */
export interface SuppressedDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly reason: string;
  /** The comment. */
  readonly span: Span;
}

/** How to render. */
export interface RenderOptions {
  readonly format: DiagnosticFormat;
  /** True: with the colours of ANSI terminals (pretty and short). */
  readonly color: boolean;
  /** Is told in the last line when given. */
  readonly elapsedMs?: number;
  /** What is known about a rule: its pages are named, and where its explanation is. */
  readonly ruleOf?: (code: string) => RuleText | undefined;
  /** Findings that comments put aside: counted by `pretty`, marked in `json` and `sarif`. */
  readonly suppressed?: readonly SuppressedDiagnostic[];
  /** `pretty`: how many findings of one rule a file shows before the rest is only counted [all]. */
  readonly perRuleMax?: number;
  /** `pretty`: columns of the terminal [no line is broken]. */
  readonly width?: number;
  /** `sarif`: our version. */
  readonly version?: string;
  /** `sarif`, `github`: paths below this directory are told relative to it; with `/` at the end. */
  readonly root?: string;
}

const styles = {
  bold: "1",
  red: "1;31",
  green: "32",
  yellow: "1;33",
  cyan: "1;36",
  blue: "1;34",
  dim: "2",
};

/** How a piece of text stands out. */
export type TextStyle = keyof typeof styles;

/** Gives text in a style, or as it is. */
export type PaintText = (style: TextStyle, text: string) => string;

/** Paints with the colours of ANSI terminals, or not at all. */
export function paintText(color: boolean): PaintText {
  return (style, text) =>
    color && text !== "" ? `\u001b[${styles[style]}m${text}\u001b[0m` : text;
}

/** The colour of a severity. */
export const severityStyles: Readonly<Record<Severity, TextStyle>> = {
  error: "red",
  warning: "yellow",
  advice: "cyan",
};
