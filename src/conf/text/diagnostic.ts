// What is found in a configuration: every finding is kept, none stops the reading.

/** A place in a configuration file. Lines and columns count from 1, columns in UTF-16 units. */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * `error`: certainly not what is meant. `warning`: something is probably not meant as it is written. `advice`: it
 * works as written, and could work better. Whether the daemon starts is another question: `Finding.stops`.
 */
export type Severity = "error" | "warning" | "advice";

/** A second place that explains the first. */
export interface RelatedSpan {
  readonly span: Span;
  readonly label: string;
}

/** A change of the text that mends a finding without further thought. */
export interface Edit {
  /** What is replaced; a length of 0 inserts. It may go over line ends: counted in the text of the file. */
  readonly span: Span;
  readonly newText: string;
}

/** What is said about a place. Texts are lower case, without full stop; words of the file stand in backquotes. */
export interface Finding {
  readonly severity: Severity;
  readonly message: string;
  /** Stands behind the caret. */
  readonly label?: string;
  readonly related?: readonly RelatedSpan[];
  /** What happens at run time. */
  readonly effect?: string;
  readonly fix?: string;
  /** All of them together mend it; `check --fix` applies them. */
  readonly edits?: readonly Edit[];
  /** The last line that goes with it: of a block that is ignored as a whole. */
  readonly coversTo?: number;
  /** True: Keelson does not start with this, and a reload keeps what runs. */
  readonly stops?: boolean;
  /** What `keepalived -t` says about it, without its place; absent when it says nothing. */
  readonly stock?: string;
}

/** One finding with its place. */
export interface Diagnostic extends Finding {
  /** The id of its rule: `V12`. */
  readonly code: string;
  readonly span: Span;
  /** The lines that include the file, from the inside outwards. */
  readonly includedFrom?: readonly Span[];
}

/** Texts of the files that were read, by the path under which they were read. */
export type Sources = ReadonlyMap<string, string>;
