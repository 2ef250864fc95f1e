// Every rule. One list for the checker, for `check --explain` and for docs/rules.

import { aRules } from "./catalogue-a.ts";
import { cRules } from "./catalogue-c.ts";
import { dRules } from "./catalogue-d.ts";
import { lRules } from "./catalogue-l.ts";
import { languageRules } from "./catalogue-language.ts";
import { sRules } from "./catalogue-s.ts";
import { vRules } from "./catalogue-v.ts";
import type { Rule } from "./rule.ts";

/** All rules, by family and number. */
export const catalogue: readonly Rule[] = [
  ...sRules,
  ...languageRules,
  ...vRules,
  ...lRules,
  ...cRules,
  ...dRules,
  ...aRules,
];

const byWord = new Map<string, Rule>();
for (const rule of catalogue) {
  byWord.set(rule.id.toLowerCase(), rule);
  byWord.set(rule.name, rule);
}

/** The rule with an id (`V12`, in either letter case) or a name (`nopreempt-with-weight`). */
export function ruleOf(idOrName: string): Rule | undefined {
  return byWord.get(idOrName.toLowerCase());
}
