// A service for all ports without persistence.

import type { Rule } from "./rule.ts";

export const allPortsNotPersistent: Rule = {
  id: "A09",
  name: "all-ports-not-persistent",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a service for all ports without persistence",
  explanation: [
    "A service with port 0 takes connections to every port of its address, and must send all of a client's to",
    "the same server: so it has to be persistent. `ipvsadm -R` reads line by line and ends at the first one",
    "that it does not understand: the lines in front of it are in the table, those behind it are not, and",
    "clients of the rest are refused. Keelson refuses the file as a whole.",
    "",
    "Add `-p` with the seconds that a client stays, or name the port.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:0 -s rr\n-a -t 192.0.2.10:0 -r 198.51.100.1:0 -g -w 1\n"],
  good: ["-A -t 192.0.2.10:0 -s rr -p 300\n-a -t 192.0.2.10:0 -r 198.51.100.1:0 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
