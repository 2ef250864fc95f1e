// Blocks without bottom.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const nestedTooDeep: Rule = {
  id: "S45",
  name: "nested-too-deep",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "blocks are nested too deep",
  explanation: [
    "The deepest block of keepalived.conf stands in four others. More than 64 are no configuration: most often",
    "a `}` is missing in a part that is repeated.",
    "",
    "Close the blocks.",
  ].join("\n"),
  bad: [`${"a {\n".repeat(70)}${"}\n".repeat(70)}`],
  good: [instanceWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
