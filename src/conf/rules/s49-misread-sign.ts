// Signs that mean something else at their place.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const misreadSign: Rule = {
  id: "S49",
  name: "misread-sign",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a sign of the language does not do what it seems to",
  explanation: [
    "A backslash at the end of a line continues definitions only. Elsewhere keepalived takes it for a part of the",
    "last word, and the next line for a line of its own; Keelson leaves it out and says so.",
    "",
    "`$NAME=VALUE` defines a parameter when nothing stands between the name and `=`, and the name is made of letters,",
    "digits and `_`. `$NAME = VALUE` and `$NAME(ARGUMENT)=VALUE` define nothing: keepalived has no parameters with",
    "arguments.",
    "",
    "`@ID` and `@^ID` are conditions, and the id ends at a blank. In `@!ID` the `!` begins a comment, and the line",
    "never counts; `@ID{` names an id with a brace in it.",
  ].join("\n"),
  bad: [
    instanceWith("track_interface {\n    eth1 \\\n    eth2\n}"),
    `$NET = 192.0.2
${instanceWith("")}`,
    instanceWith("@!node1 priority 150"),
  ],
  good: [
    `$ADDRESSES= \\
    192.0.2.11/24 \\
    192.0.2.12/24
${instanceWith("")}`,
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
