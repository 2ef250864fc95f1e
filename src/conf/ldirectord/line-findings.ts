// Places of lines and of parts of them, and where findings go.

import type { Family } from "../../base/address.ts";
import type { Diagnostic, Finding, Span } from "../text/diagnostic.ts";
import type { ScannedLine } from "./scan-lines.ts";
import type { ValueText } from "./value-form.ts";

/** Collects what is found in one file. */
export class LineFindings {
  readonly diagnostics: Diagnostic[] = [];
  readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  report(span: Span, code: string, finding: Finding): void {
    this.diagnostics.push({ ...finding, code, span });
  }

  /** A whole line, by its number. */
  lineSpan(line: number): Span {
    return { file: this.file, line, column: 1, length: 1 };
  }

  nameSpan(line: ScannedLine): Span {
    const { number, column, name } = line;
    return { file: this.file, line: number, column, length: Math.max(1, name.length) };
  }

  valueSpan(line: ScannedLine): Span {
    const { number, valueColumn, value = "" } = line;
    return {
      file: this.file,
      line: number,
      column: valueColumn,
      length: Math.max(1, value.length),
    };
  }

  /** The value of a line for its form. */
  valueOf(line: ScannedLine, family: Family): ValueText {
    const span = this.valueSpan(line);
    return {
      directive: line.name,
      text: line.value ?? "",
      tail: line.tail,
      family,
      report: (at, length, code, finding) =>
        this.report({ ...span, column: span.column + at, length }, code, finding),
    };
  }
}
