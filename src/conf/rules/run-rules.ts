// Runs the catalogue over configurations. A rule speaks under its own id and severity.

import type { Diagnostic, Span } from "../text/diagnostic.ts";
import { catalogue } from "./catalogue.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { emptyTopology, type Topology } from "./topology.ts";

/** Runs the rules about one file; what they find goes to `diagnostics`. */
export function runRules(configuration: Configuration, diagnostics: Diagnostic[]): void {
  for (const rule of catalogue)
    if (rule.scope === "file" && rule.check !== "reader")
      rule.check(configuration, reporter(rule, diagnostics));
}

/** Runs the rules about the files of several nodes, and about the network around them. */
export function runPairRules(
  configurations: readonly Configuration[],
  diagnostics: Diagnostic[],
  topology: Topology = emptyTopology,
): void {
  for (const rule of catalogue) {
    if (rule.scope === "pair") rule.check(configurations, reporter(rule, diagnostics));
    else if (rule.scope === "topo")
      rule.check(configurations, topology, reporter(rule, diagnostics));
  }
}

/** What a rule is given to report with. */
export function reporter(rule: Rule, diagnostics: Diagnostic[]): Report {
  return (span: Span, finding) => {
    diagnostics.push({ severity: rule.severity, ...finding, code: rule.id, span });
  };
}
