// An address of a saved table that is none.

import type { Rule } from "./rule.ts";

export const badRuleAddress: Rule = {
  id: "A04",
  name: "bad-rule-address",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "an address of a saved table that is none",
  explanation: [
    "`ipvsadm -R` reads line by line and ends at the first one that it does not understand: the lines in",
    "front of it are in the table, those behind it are not, and clients of the rest are refused. Keelson",
    "refuses the file as a whole.",
    "",
    "An IPv6 address stands between brackets when a port follows. A server has the family of its service;",
    "only tunnels can change it.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.300:80 -s rr\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
