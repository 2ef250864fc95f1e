// A keyword of another block.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const misplacedKeyword: Rule = {
  id: "S15",
  name: "misplaced-keyword",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a keyword stands in a block that does not have it",
  explanation: [
    "Every keyword belongs to certain blocks. Elsewhere it is ignored, with one line in the log that calls it",
    "unknown: `delay_loop` in a vrrp_instance checks nothing, `vrrp_strict` in an instance is not strict, and",
    "an `auth_pass` outside `authentication` protects nothing.",
    "",
    "Move the line to the block that the finding names. When many lines in a row are misplaced, look at the",
    "braces above them: a `}` too many ends the block before its time, and one too few lets the next block",
    "begin inside it.",
  ].join("\n"),
  bad: [instanceWith("delay_loop 6"), instanceWith("auth_pass s3cret")],
  good: [instanceWith("authentication {\n    auth_type PASS\n    auth_pass s3cret\n}")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
