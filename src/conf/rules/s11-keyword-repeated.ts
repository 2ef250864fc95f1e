// A keyword that is given twice, of which one line counts.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const keywordRepeated: Rule = {
  id: "S11",
  name: "keyword-repeated",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a keyword stands twice in one block",
  explanation: [
    "Of two lines with the same keyword in one block the last one counts, and the first has no effect. Both",
    "were written for a reason: often the block was copied, and the line that was changed is the one that",
    "does not count. keepalived is silent about it, unless the keyword is one of the few that it guards.",
    "",
    "Keep one of them. Keywords that add up, such as `notification_email` lines or several `track_script`",
    "blocks, may be repeated and are not reported.",
  ].join("\n"),
  bad: [instanceWith("state BACKUP"), instanceWith("advert_int 1\nadvert_int 2")],
  good: [instanceWith("advert_int 2")],
  sources: ["https://github.com/acassen/keepalived/issues/1091"],
};
