// Routing rules without preference.

import { hasParameter, spanAt } from "../keepalived/reading.ts";
import { instanceWith } from "./example-texts.ts";
import { notableSettings } from "./notable-settings.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

const withRule = (line: string): string => instanceWith(`virtual_rules {\n    ${line}\n}`);

const preferences: ReadonlySet<string> = new Set(["preference", "order", "priority"]);

export const ruleWithoutPreference: Rule = {
  id: "V74",
  name: "rule-without-preference",
  severity: "advice",
  scope: "file",
  check,
  title: "a routing rule has no preference",
  explanation: [
    "The preference says in which order the kernel asks its rules. Without one keepalived numbers its rules",
    "from 16384 downwards in the order in which it reads them, so a rule that is added in the middle of the",
    "file moves the others, and two nodes with different files have different orders.",
    "",
    "Write `preference N` on every line of virtual_rules and static_rules.",
  ].join("\n"),
  bad: [withRule("from 192.0.2.17 table 100")],
  good: [withRule("from 192.0.2.17 table 100 preference 100")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

/** The preference that keepalived gives to the first rule without one; each next one gets one less. */
const firstPreference = 16_384;

function check(configuration: Configuration, report: Report): void {
  const given = { 4: firstPreference, 6: firstPreference };
  for (const { setting } of notableSettings(configuration.root)) {
    const { spec, entries = [] } = setting;
    if (spec.name !== "static_rules" && spec.name !== "virtual_rules") continue;
    for (const { line } of entries) {
      const words = line.words.map(({ text }) => text);
      if (words.some((text) => preferences.has(text) || hasParameter(text))) continue;
      const family = words.some((text) => text === "inet6" || text.includes(":")) ? 6 : 4;
      report(spanAt(line, 0), {
        message: "the rule has no `preference`",
        effect: `it gets ${given[family]}, which depends on the order of the file`,
        fix: "add `preference` and a number from 1 to 32765",
        stock: `Rule has no preference specified - setting to ${given[family]}. This is probably not what you want.`,
      });
      given[family]--;
    }
  }
}
