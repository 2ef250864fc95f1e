// A vrrp_script that runs nothing.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const scriptWithoutCommand: Rule = {
  id: "X30",
  name: "script-without-command",
  severity: "error",
  scope: "file",
  check,
  title: "a vrrp_script has no `script` line",
  explanation: [
    "A vrrp_script without a command is dropped, and so is every `track_script` that names it: the instance",
    "runs and tracks nothing. keepalived logs that no script is specified.",
    "",
    'Add `script "/path/to/program arguments"`. The command stands in quotes, one word for all.',
  ].join("\n"),
  bad: [scriptWith("interval 2")],
  good: [scriptWith('script "/usr/local/bin/check"\ninterval 2')],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { spec, section, line } of configuration.root.settings) {
    if (spec.name !== "vrrp_script" || section === undefined) continue;
    const command = settingOf(section, "script")?.line.words[1]?.text.trim();
    if (command !== undefined && command !== "") continue;
    const name = line.words[1]?.text ?? "";
    report(spanAt(line, 1), {
      message: `the script \`${name}\` has no command`,
      effect: "it is ignored, and so is every `track_script` that names it",
      fix: 'add `script "/path/to/program arguments"`',
      stock: `No script set for vrrp_script ${name} - removing`,
    });
  }
}
