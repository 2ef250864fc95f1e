// A word of a saved table that is no option.

import type { Rule } from "./rule.ts";

export const unknownRuleOption: Rule = {
  id: "A01",
  name: "unknown-rule-option",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a word of a saved table that is no option",
  explanation: [
    "`ipvsadm -R` reads line by line and ends at the first one that it does not understand: the lines in",
    "front of it are in the table, those behind it are not, and clients of the rest are refused. Keelson",
    "refuses the file as a whole.",
    "",
    "Tables are best written by `ipvsadm -Sn` itself. Where a hand has changed one, options begin with one",
    "`-` and a letter, or with two and a name.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 --wieght 3\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
