// Findings of the expander: where it cannot go on, or does not.

import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import type { IncludeRequest } from "./includes.ts";

/** The file that was named cannot be read. */
export function unreadable(path: string, reason: string): Diagnostic {
  return {
    severity: "error",
    code: "S40",
    message: `cannot read \`${path}\`: ${reason}`,
    span: { file: path, line: 1, column: 1, length: 0 },
    stops: true,
  };
}

/** An include that leads back to a file that is being read, or to too many. */
export function includeLoop(message: string, { span, argument }: IncludeRequest): Diagnostic {
  return {
    severity: "error",
    code: "S42",
    message,
    span,
    effect: "the file is not read again here",
    fix: "remove this include",
    stock: `Configuration file '${argument}' open problem (Too many open files) - skipping`,
  };
}

/** Parameters that never come to an end. */
export function neverEnding(span: Span): Diagnostic {
  return {
    severity: "error",
    code: "S43",
    message: "a parameter of this line contains itself, or grows without end",
    span,
    effect: "keepalived never comes to the end of the file",
    fix: "change the definition so that it does not lead back to itself",
    stops: true,
  };
}

/** A repetition that says nothing that could be repeated. */
export function badRepetition(written: string, fault: string, span: Span): Diagnostic {
  const kind = written.slice(0, 4);
  return {
    severity: "error",
    code: "S44",
    message: `\`${written.slice(0, 60)}\` cannot be written out: ${fault}`,
    span,
    effect: "the line is ignored",
    fix:
      kind === "~SEQ"
        ? "write `~SEQ(NAME, [START, [STEP,]] END) ...`"
        : "write `~LST(NAME, VALUE, ...) ...` or `~LST({NAME, NAME}, {VALUE, VALUE}, ...) ...`",
    stock: `Invalid ${kind} specification '${written}'`,
  };
}

/** Repetitions that stand for more lines than anybody means. */
export function tooManyRounds(roundsMax: number, span: Span): Diagnostic {
  return {
    severity: "error",
    code: "S44",
    message: `the repetitions stand for more than ${roundsMax} lines`,
    span,
    effect: "the rest of them is left out",
    fix: "repeat less, or write the lines into a file of their own and include it",
    stops: true,
  };
}

/** A quote without its end. */
export function openQuote(written: string, span: Span): Diagnostic {
  return {
    severity: "error",
    code: "S47",
    message: "the quote that opens here is not closed on its line",
    span,
    effect: "keepalived drops what stands behind the quote",
    fix: "add the closing quote",
    stops: true,
    stock: `Unmatched quote: '${written}'`,
  };
}
