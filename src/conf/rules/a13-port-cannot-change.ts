// A port that the forwarding method cannot change.

import type { Rule } from "./rule.ts";

export const portCannotChange: Rule = {
  id: "A13",
  name: "port-cannot-change",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a port that the forwarding method cannot change",
  explanation: [
    "With direct routing and tunnels a packet reaches the server as the client sent it: to the port of the",
    "service. ipvsadm writes that port in the place of the one in the line, without a word, and Keelson does",
    "the same.",
    "",
    "Write the port of the service, and let the server listen there; or use `-m`, which rewrites it.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:8080 -g -w 1\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:8080 -m -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
