// Braces that open nothing.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unexpectedBrace: Rule = {
  id: "S26",
  name: "unexpected-brace",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "an opening brace stands behind no keyword",
  explanation: [
    "A block is a keyword, its arguments and `{`. A brace alone opens nothing: keepalived ignores it, and the `}`",
    "that was meant for it then ends the block around it.",
    "",
    "Name the block before the brace, or remove both braces.",
  ].join("\n"),
  bad: [
    `{
${instanceWith("")}}
`,
    instanceWith("track_interface {{\n    eth1\n}}"),
  ],
  good: [instanceWith("track_interface\n{\n    eth1\n}")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
