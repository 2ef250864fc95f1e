// Persistent clients stay with a server that is down.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const quiescentAndPersistent: Rule = {
  id: "D31",
  name: "quiescent-and-persistent",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "persistent clients stay with a server that is down",
  explanation: [
    "With `quiescent=yes` a server that is down stays in the table with weight 0, which takes no new clients.",
    "Persistent ones are no new clients: they are sent there until they have been silent for the time of",
    "`persistent`.",
    "",
    "ldirectord's manual warns of this too. Write `quiescent=no`, which is the default of the program",
    "whatever the manual says, or let the kernel forget such clients with",
    "`net.ipv4.vs.expire_quiescent_template=1`.",
  ].join("\n"),
  bad: [sectionWith("quiescent=yes\n\tpersistent=300")],
  good: [sectionWith("quiescent=no\n\tpersistent=300")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
