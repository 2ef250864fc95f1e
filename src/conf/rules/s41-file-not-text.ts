// Files with bytes that are no text.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const fileNotText: Rule = {
  id: "S41",
  name: "file-not-text",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "the file is no plain text",
  explanation: [
    "A byte of the file is 0: that is what a crash leaves of a file that was being written. keepalived reads the",
    "line up to that byte; Keelson refuses the file, which does not mean to run nothing.",
    "",
    "A byte order mark at the start is reported as a warning: keepalived takes it for a part of the first word,",
    "and ignores the first block with it. Keelson reads over it.",
  ].join("\n"),
  bad: [`\ufeff${instanceWith("")}`, `${instanceWith("")}\0\0`],
  good: [
    `# Grüße
${instanceWith("")}`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
