// A service or a server stands twice in a saved table.

import type { Rule } from "./rule.ts";

export const ruleRepeated: Rule = {
  id: "A06",
  name: "rule-repeated",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a service or a server stands twice in a saved table",
  explanation: [
    "The kernel has each service once, and each server once in a service. `ipvsadm -R` says so for the second",
    "line and goes on with the first, so the options of the second are lost. Keelson does the same.",
    "",
    "Two tables that were put into one file are the usual cause. Remove the line that is not meant.",
  ].join("\n"),
  bad: [
    "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n",
  ],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
