// A virtual server without real servers.

import type { Rule } from "./rule.ts";

export const noRealLine: Rule = {
  id: "D32",
  name: "no-real-line",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a virtual server without real servers",
  explanation: [
    "A section without a `real` line has nobody to send clients to. ldirectord makes the virtual server all",
    "the same: its clients are refused, or get the fallback server.",
    "",
    "Keelson, as keepalived, leaves such a virtual server out, and packets to its address reach the director",
    "itself. Remove the section, or make the fallback server a real one. `checktype=off` leaves a virtual",
    "server out in the same way.",
  ].join("\n"),
  bad: ["virtual=192.0.2.10:80\n\tchecktype=connect\n"],
  good: ["virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n"],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
