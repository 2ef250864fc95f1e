// Lines that keepalived cuts.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const lineTooLong: Rule = {
  id: "S48",
  name: "line-too-long",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a line is longer than keepalived reads",
  explanation: [
    "keepalived 2.2.7 reads 1022 bytes of a line at once and takes the rest for another line, also in the middle of",
    "a word, and also of a comment: the rest of a long comment is read as keywords. Keelson reads lines of any",
    "length, so that the two can disagree about such a file.",
    "",
    "Write shorter lines; a parameter helps where a command is long.",
  ].join("\n"),
  bad: [`# ${"long ".repeat(300)}\n${instanceWith("")}`],
  good: [`# ${"long ".repeat(150)}\n${instanceWith("")}`],
  sources: ["https://www.keepalived.org/manpage.html"],
};
