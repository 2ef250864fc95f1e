// A saved table names hosts.

import type { Rule } from "./rule.ts";

export const hostByNameInTable: Rule = {
  id: "A14",
  name: "host-by-name-in-table",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a saved table names hosts",
  explanation: [
    "`ipvsadm -S` without `-n` writes names where it finds some, and the names are looked up again when the",
    "table is loaded: what comes back need not be what was saved. At boot, before the name server is",
    "reachable, nothing comes back.",
    "",
    "Save tables with `ipvsadm -Sn`. Without its address a line is left out, and a finding says so.",
  ].join("\n"),
  bad: ["-A -t www.example.com:80 -s rr\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
