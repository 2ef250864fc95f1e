// Parameters without an end.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const definitionLoop: Rule = {
  id: "S43",
  name: "definition-loop",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a parameter contains itself",
  explanation: [
    "`$A=$A`, or `$A=$B` with `$B=$A`: the value is replaced when it is used, and never comes to an end. keepalived",
    "hangs at such a line, also at a reload. The same finding stands where a value grows beyond all bounds:",
    "more than 64 replacements inside each other, 100,000 characters, or 700,000 lines.",
    "",
    "Change the definition. `$A` in the value of `$A` is not the value before.",
  ].join("\n"),
  bad: [
    `$IF=$IF
${instanceWith("")}$IF
`,
  ],
  good: [
    `$IF=eth0
${instanceWith("")}`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
