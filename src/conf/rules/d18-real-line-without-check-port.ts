// Nothing says at which port a server is checked.

import type { Rule } from "./rule.ts";

export const checkWithoutPort: Rule = {
  id: "D18",
  name: "real-line-without-check-port",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "nothing says at which port a server is checked",
  explanation: [
    "The port of a check is `checkport`, else the port of the real server, else the one that the service",
    "usually has. A virtual server by firewall mark has no port, and its real servers often neither: then",
    "there is nothing to connect to, and ldirectord finds such servers down for ever.",
    "",
    "Keelson leaves them unchecked. Write `checkport`.",
  ].join("\n"),
  bad: ["virtual=5\n\treal=198.51.100.1 gate\n\tchecktype=connect\n"],
  good: ["virtual=5\n\treal=198.51.100.1 gate\n\tchecktype=connect\n\tcheckport=80\n"],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
