// Diagnostics as text, in the form that is asked for.

import type { Diagnostic, Sources } from "./diagnostic.ts";
import { renderGithub } from "./render-github.ts";
import { renderJson } from "./render-json.ts";
import type { RenderOptions } from "./render-options.ts";
import { renderPretty } from "./render-pretty.ts";
import { renderSarif } from "./render-sarif.ts";
import { renderShort } from "./render-short.ts";
import { renderStock } from "./render-stock.ts";

/** Renders findings; `pretty` and `json` sum them up at the end. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: RenderOptions,
): string {
  switch (options.format) {
    case "pretty":
      return renderPretty(diagnostics, sources, options);
    case "short":
      return renderShort(diagnostics, options);
    case "json":
      return renderJson(diagnostics, sources, options);
    case "sarif":
      return renderSarif(diagnostics, sources, options);
    case "github":
      return renderGithub(diagnostics, sources, options);
    case "keepalived":
      return renderStock(diagnostics, sources);
  }
}
