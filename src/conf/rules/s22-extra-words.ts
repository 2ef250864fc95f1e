// Words behind the last argument.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const extraWords: Rule = {
  id: "S22",
  name: "extra-words",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a line has more words than its keyword takes",
  explanation: [
    "What stands behind the last argument of a keyword is dropped without a word. Mostly it is a comment",
    "without `#`, a unit (`advert_int 1 s`), a list where one value is taken, or a name with a blank in it",
    "that needs quotes. keepalived is silent about it.",
    "",
    "Remove the words, quote the value as a whole, or begin the comment with `#`. A keyword on the line of",
    "another one is S02.",
  ].join("\n"),
  bad: [instanceWith("advert_int 1 seconds"), instanceWith("").replace("eth0", "eth0 eth1")],
  good: [instanceWith("advert_int 1 # seconds")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
