// Comments in a saved table.

import type { Rule } from "./rule.ts";

export const commentInTable: Rule = {
  id: "A11",
  name: "comment-in-table",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "comments in a saved table",
  explanation: [
    "`ipvsadm -R` knows no comments and ends at the first one, with the lines in front of it loaded.",
    "`ipvsadm-restore` removes lines that begin with `#` before it loads a table, and Keelson skips them too.",
    "",
    "Load such a file with `ipvsadm-restore`, or move to keepalived.conf, which has comments and checks:",
    "`keelson convert` makes one.",
  ].join("\n"),
  bad: ["# web\n-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
