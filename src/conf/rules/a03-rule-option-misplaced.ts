// Options of a saved table that do not go together.

import type { Rule } from "./rule.ts";

export const ruleOptionMisplaced: Rule = {
  id: "A03",
  name: "rule-option-misplaced",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "options of a saved table that do not go together",
  explanation: [
    "`ipvsadm -R` reads line by line and ends at the first one that it does not understand: the lines in",
    "front of it are in the table, those behind it are not, and clients of the rest are refused. Keelson",
    "refuses the file as a whole.",
    "",
    "The scheduler, persistence and flags belong to `-A`; the forwarding method, the weight and the",
    "thresholds to `-a`. Only one method can stand, and options of tunnels only beside `-i`: a port with",
    "`gue`, a checksum with `gue` or `gre`.",
  ].join("\n"),
  bad: [
    "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -s rr\n",
    "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g --tun-type gre\n",
  ],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
