// Includes that bring nothing.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const includeNotFound: Rule = {
  id: "S13",
  name: "include-not-found",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "an include brings nothing",
  explanation: [
    "The file does not exist, cannot be read, or the pattern matches nothing. keepalived goes on without it, so",
    "that a whole directory of services can be missing while `keepalived -t` ends with status 0.",
    "",
    "`include` and `includer` take that as it comes. `includem` calls a missing file an error, `includew` a pattern",
    "without match as well, `includeb` an alternative in braces without match, `includea` all of them: write these",
    "where the file is needed. The name is everything behind the keyword: quotes and blanks are a part of it.",
    "Names are relative to the directory of the file that says `include`.",
    "",
    "Where a directory may well be empty, put the finding aside with a comment that says so.",
  ].join("\n"),
  bad: [
    `${instanceWith("")}include conf.d/*.conf
`,
    `${instanceWith("")}include "missing.conf"
`,
  ],
  good: [
    `${instanceWith("")}# include missing.conf
`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
