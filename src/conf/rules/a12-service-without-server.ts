// A service of a saved table has no server.

import type { Rule } from "./rule.ts";

export const serviceWithoutServer: Rule = {
  id: "A12",
  name: "service-without-server",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a service of a saved table has no server",
  explanation: [
    "A table may hold services without servers; the kernel refuses their clients. A configuration leaves such",
    "a virtual server out, as keepalived does, and packets to its address reach the director itself.",
    "",
    "Add its servers or remove the line. Often the table was saved while health checks had taken all of them",
    "out: save it again when they are back.",
  ].join("\n"),
  bad: ["-A -t 192.0.2.10:80 -s rr\n"],
  good: ["-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 198.51.100.1:80 -g -w 1\n"],
  sources: ["https://manpages.debian.org/bookworm/ipvsadm/ipvsadm.8.en.html"],
};
