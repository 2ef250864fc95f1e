// A value of a saved table that cannot be used.

import type { Rule } from "./rule.ts";

export const ruleValueOutOfRange: Rule = {
  id: "A05",
  name: "rule-value-out-of-range",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a value of a saved table that cannot be used",
  explanation: [
    "`ipvsadm -R` reads line by line and ends at the first one that it does not understand: the lines in",
    "front of it are in the table, those behind it are not, and clients of the rest are refused. Keelson",
    "refuses the file as a whole.",
    "",
    "A scheduler that the kernel does not have loses its service and all servers of it. A weight beyond",
    "65535, which only patched copies of ipvsadm take, counts as 65535 with Keelson, and a finding says so:",
    "divide all weights of the service by the same number.",
  ].join("\n"),
  bad: [
    "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w heavy\n",
    "-A -t 192.0.2.10:80 -s rrr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n",
  ],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
