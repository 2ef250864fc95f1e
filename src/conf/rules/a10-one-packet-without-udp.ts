// One-packet scheduling of a service that is not UDP.

import type { Rule } from "./rule.ts";

export const onePacketWithoutUdp: Rule = {
  id: "A10",
  name: "one-packet-without-udp",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "one-packet scheduling of a service that is not UDP",
  explanation: [
    "With `-o` every packet is scheduled by itself, which tears connections of TCP and SCTP apart. `ipvsadm",
    "-R` reads line by line and ends at the first one that it does not understand: the lines in front of it",
    "are in the table, those behind it are not, and clients of the rest are refused. Keelson refuses the file",
    "as a whole.",
    "",
    "Remove the option, or use it with `-u` or a firewall mark.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:80 -s rr -o\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  good: ["-A -u 192.0.2.10:53 -s rr -o\n-a -u 192.0.2.10:53 -r 198.51.100.1:53 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
