// The findings about one configuration that are shown: those that no comment puts aside.

import type { LoadedConfiguration } from "../load-configuration.ts";
import { catalogue } from "../rules/catalogue.ts";
import { applySuppressions, type Suppression } from "./apply-suppressions.ts";

/** Splits the findings about a configuration that is judged alone. */
export function shownFindings({ diagnostics, sources }: LoadedConfiguration): Suppression {
  const rules = catalogue.map(({ id, name, scope }) => ({ id, name, judged: scope === "file" }));
  return applySuppressions(diagnostics, sources, rules);
}
