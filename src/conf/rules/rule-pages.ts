// The pages of docs/rules, by file name.

import { catalogue } from "./catalogue.ts";
import { renderRuleList, renderRulePage } from "./render-rule.ts";

/** Every page that the folder holds, and nothing else. */
export function rulePages(): ReadonlyMap<string, string> {
  const pages = new Map([["README.md", renderRuleList(catalogue)]]);
  for (const rule of catalogue) pages.set(`${rule.id}.md`, renderRulePage(rule));
  return pages;
}
