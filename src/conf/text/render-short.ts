// One line a finding: `file:line:column: error[code]: message (label; effect)`, as editors and grep like it.

import type { Diagnostic } from "./diagnostic.ts";
import { printableText } from "./display.ts";
import { paintText, type RenderOptions, severityStyles } from "./render-options.ts";

/** Renders findings, one line each. */
export function renderShort(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  const paint = paintText(options.color);
  return diagnostics
    .map((diagnostic) => {
      const { severity, code, span, message, label, effect } = diagnostic;
      const more = [label, effect].filter((text) => text !== undefined).join("; ");
      return printableText(`${span.file}:${span.line}:${span.column}: `).concat(
        paint(severityStyles[severity], `${severity}[${code}]`),
        printableText(`: ${message}${more === "" ? "" : ` (${more})`}`),
        "\n",
      );
    })
    .join("");
}
