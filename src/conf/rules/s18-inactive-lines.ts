// Conditional lines of other nodes.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const inactiveLines: Rule = {
  id: "S18",
  name: "inactive-lines",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "lines do not count on this node",
  explanation: [
    "`@ID ...` counts only where the configuration id is ID, `@^ID ...` only where it is not. The id is given with",
    "`-i ID`; without it `keelson run` takes the first label of the host's name, as keepalived does, and",
    "`keelson check` takes none, because it does not look at the machine. Lines of other ids are skipped",
    "without a word, and a misspelt id skips them on every node.",
    "",
    "One finding for each id says how many lines it leaves out. Give the id of the node to see what counts there:",
    "`keelson check -i ID FILE`.",
  ].join("\n"),
  bad: [instanceWith("@other priority 150")],
  good: [instanceWith("@^other priority 150")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
