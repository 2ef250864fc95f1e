// Findings as workflow commands of GitHub Actions, which show them beside the changed lines.

import type { Diagnostic, Severity, Sources } from "./diagnostic.ts";
import { relativePath } from "./relative-path.ts";
import type { RenderOptions } from "./render-options.ts";
import { positionsOf } from "./text-position.ts";

const commands: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  advice: "notice",
};

/** Renders findings, one command a line. */
export function renderGithub(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  const positions = positionsOf(sources);
  return diagnostics
    .map((diagnostic) => {
      const { severity, code, message, span, effect, fix } = diagnostic;
      const extent = positions(span.file)?.extent(span);
      const name = options.ruleOf?.(code)?.name;
      const properties = {
        file: relativePath(span.file, options.root),
        line: span.line,
        ...(extent === undefined ? {} : { endLine: extent.endLine }),
        col: span.column,
        // Columns of a place that spans lines are ignored there.
        ...(extent?.endLine === span.line && span.length > 0
          ? { endColumn: extent.endColumn }
          : {}),
        title: name === undefined ? code : `${code} ${name}`,
      };
      const text = [
        message,
        ...(effect === undefined ? [] : [`effect: ${effect}`]),
        ...(fix === undefined ? [] : [`fix: ${fix}`]),
      ].join("\n");
      return `::${commands[severity]} ${printProperties(properties)}::${escapeData(text)}\n`;
    })
    .join("");
}

function printProperties(properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(",");
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
