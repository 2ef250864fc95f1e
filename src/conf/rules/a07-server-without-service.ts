// A server of a saved table has no service.

import type { Rule } from "./rule.ts";

export const serverWithoutService: Rule = {
  id: "A07",
  name: "server-without-service",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a server of a saved table has no service",
  explanation: [
    "No line in front of the server adds its service, or it has another port or protocol. `ipvsadm -R` says",
    "that the service is not defined, and goes on without the server; so does Keelson.",
    "",
    "Lines are read from the top: put the line `-A` in front of the servers.",
  ].join("\n"),
  bad: ["-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
