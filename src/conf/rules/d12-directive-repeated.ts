// A directive stands twice in one place.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const directiveRepeated: Rule = {
  id: "D12",
  name: "directive-repeated",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a directive stands twice in one place",
  explanation: [
    "Of two lines with the same directive the last one counts, in a section as well as at the top of the",
    "file. This happens when a line is tried out and the old one stays.",
    "",
    "Remove the one that is not meant. Only `real`, `real6` and `execute` may stand several times.",
  ].join("\n"),
  bad: [sectionWith("scheduler=rr\n\tscheduler=wlc")],
  good: [sectionWith("scheduler=rr")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
