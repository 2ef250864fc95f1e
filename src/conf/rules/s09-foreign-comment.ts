// A comment as other languages write it.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const foreignComment: Rule = {
  id: "S09",
  name: "foreign-comment",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a comment begins with `#` or `!`, nothing else",
  explanation: [
    "`//`, `/* ... */`, `--` and `;` begin no comment in keepalived.conf. At the start of a line they are",
    "unknown keywords, and the line is ignored as if by chance; but a `{` or `}` in that text counts, and",
    "closes or opens blocks that nobody sees. Behind a value they are words too many, or worse: in a list of",
    "addresses or behind a notify script they are taken for options and for a user's name.",
    "",
    "`//` and `/*` are errors, the others warnings. Begin comments with `#` or `!`; `keelson check --fix` replaces the sign.",
  ].join("\n"),
  bad: [
    instanceWith("// the other node has 90"),
    instanceWith("advert_int 1 // one second"),
    `/* both nodes
   are alike */
${instanceWith("")}`,
  ],
  good: [
    instanceWith("# the other node has 90\n! so has the third"),
    instanceWith("advert_int 1 # one second"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
