// Braces that close nothing.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unmatchedBrace: Rule = {
  id: "S06",
  name: "unmatched-brace",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a closing brace closes nothing",
  explanation: [
    "A `}` stands where no block is open. keepalived ignores it and runs, but an earlier block has often ended",
    "too soon: a brace too many inside a `vrrp_instance` ends the instance there, and what follows is read as",
    "keywords of the file. The finding names the pair of braces before, which is where to look.",
    "",
    "Remove the brace, or the one before it that should not be there.",
  ].join("\n"),
  bad: [
    `${instanceWith("")}}
`,
    instanceWith("track_interface {\n    eth1\n}}"),
  ],
  good: [instanceWith("track_interface { eth1 }")],
  sources: ["https://github.com/acassen/keepalived/issues/768"],
};
