// A command that does not describe a table.

import type { Rule } from "./rule.ts";

export const noRuleOfATable: Rule = {
  id: "A08",
  name: "no-rule-of-a-table",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a command that does not describe a table",
  explanation: [
    "A saved table says what there is: lines `-A` for services and `-a` for their servers. A command that",
    "deletes, edits, lists or sets something needs a table to work on, and a configuration has none.",
    "",
    "Save the table with `ipvsadm -Sn`. A `-C` in front of the first line is fine: it empties what is empty.",
  ].join("\n"),
  bad: [
    "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n-d -t 192.0.2.10:80 -r 198.51.100.1:80\n",
  ],
  good: ["-C\n-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
