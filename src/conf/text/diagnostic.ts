// What is found in a configuration: every finding is kept, none stops the reading.

/** A place in a configuration file. Lines and columns count from 1, columns in UTF-16 units. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * `error`: the start (or reload) stops. `warning`: something is written that has no effect, or
 * another one than it seems. `advice`: it works as written, and could work better.
 */
export type Severity = "error" | "warning" | "advice";

/** A second place that explains the first. */
export interface RelatedSpan {
  readonly span: Span;
  readonly label: string;
}

/** One finding. Texts are lower case, without full stop; words of the file stand in backquotes. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Kebab-case, stable. */
  readonly code: string;
  readonly message: string;
  readonly span: Span;
  /** Stands behind the caret. */
  readonly label?: string;
  readonly related?: readonly RelatedSpan[];
  /** What happens at run time. */
  readonly effect?: string;
  readonly fix?: string;
}

/** Texts of the files that were read, by the path under which they were read. */
export type Sources = ReadonlyMap<string, string>;

/** True when a finding stops the start. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
