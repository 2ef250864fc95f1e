// Files that include each other.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const includeLoop: Rule = {
  id: "S42",
  name: "include-loop",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a file includes itself",
  explanation: [
    "keepalived reads the file again and again until it may open no more files, some hundred times, and then goes",
    "on with all that it has read. Keelson reads it once and leaves the include out.",
    "",
    "Remove the include. A pattern such as `include *.conf` often matches the file that says it.",
  ].join("\n"),
  bad: [
    `${instanceWith("")}include keepalived.conf
`,
  ],
  good: [
    `${instanceWith("")}# include keepalived.conf
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
