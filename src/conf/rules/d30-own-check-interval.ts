// Ldirectord ignores the interval of a virtual server.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const ownCheckInterval: Rule = {
  id: "D30",
  name: "own-check-interval",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "ldirectord ignores the interval of a virtual server",
  explanation: [
    "Without `fork=yes` ldirectord checks all servers one after the other and then sleeps for the global",
    "`checkinterval`; the one of a virtual server is ignored, with a warning in its log.",
    "",
    "Keelson's checks run side by side, each in its own rhythm, so the line counts. If the servers are now",
    "asked too often, that is why: remove the line.",
  ].join("\n"),
  bad: [sectionWith("checkinterval=60")],
  good: [
    "checkinterval=60\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
    "fork=yes\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n\tcheckinterval=60\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
