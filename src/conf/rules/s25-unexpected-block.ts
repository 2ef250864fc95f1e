// A brace behind a keyword that has no block.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unexpectedBlock: Rule = {
  id: "S25",
  name: "unexpected-block",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a block stands behind a keyword that takes none",
  explanation: [
    "keepalived ignores a `{` behind a keyword without a block, but not the `}` that belongs to it: that one",
    "closes the block around, and everything behind it is read at the wrong level, line by line unknown.",
    "",
    "Remove the braces, or write the keyword that has a block. Braces that belong to a value, such as a regular",
    "expression or JSON, need quotes. Keelson does not start with such a file: where the outer block ends",
    "is not certain.",
  ].join("\n"),
  bad: [instanceWith("preempt_delay {\n    30\n}")],
  good: [instanceWith("preempt_delay 30")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
