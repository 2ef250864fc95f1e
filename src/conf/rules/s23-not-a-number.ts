// A word where a number is due.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const notANumber: Rule = {
  id: "S23",
  name: "not-a-number",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a word stands where a number is due",
  explanation: [
    "Numbers are decimal digits, with a sign and a decimal point where the keyword takes them; units, words and",
    "digits of other scripts are none. keepalived logs `invalid number` and takes the default of the",
    "keyword, so that `priority high` is 100 on both nodes.",
    "",
    "Write the digits alone: times are in seconds unless the reference says otherwise. `1s` is `1`, `500ms` is",
    "`0.5` where fractions are taken. A value with `$` in it may name a parameter that is not",
    "defined; Keelson says so separately and leaves the value alone.",
  ].join("\n"),
  bad: [instanceWith("").replace("priority 100", "priority high"), instanceWith("advert_int 1s")],
  good: [instanceWith("advert_int 1")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
