// Ldirectord cuts a line at `#`, also between quotes.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const commentSignInQuotes: Rule = {
  id: "D10",
  name: "comment-sign-in-quotes",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "ldirectord cuts a line at `#`, also between quotes",
  explanation: [
    "In a section everything behind a `#` is a comment for ldirectord, whatever stands around it. A text in",
    "which it occurs loses its closing quote, and the file is refused; where quotes may be left out, the",
    "shorter text counts.",
    "",
    "Keelson reads the text as a whole. For ldirectord there is no way to write a `#`: in a `receive`, which",
    "is a regular expression, a dot matches it.",
  ].join("\n"),
  bad: [sectionWith('checktype=negotiate\n\treceive="page #1"')],
  good: [sectionWith('checktype=negotiate\n\treceive="page .1" # the first')],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
