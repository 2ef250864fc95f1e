// A line of a saved table lacks an option or its argument.

import type { Rule } from "./rule.ts";

export const ruleIncomplete: Rule = {
  id: "A02",
  name: "rule-incomplete",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a line of a saved table lacks an option or its argument",
  explanation: [
    "`ipvsadm -R` reads line by line and ends at the first one that it does not understand: the lines in",
    "front of it are in the table, those behind it are not, and clients of the rest are refused. Keelson",
    "refuses the file as a whole.",
    "",
    "A line `-A` needs its service, with `-t`, `-u`, `--sctp-service` or `-f`; a line `-a` needs the service",
    "and the server, with `-r`. Most options need a value behind them.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -g\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
