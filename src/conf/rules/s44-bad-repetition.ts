// Repetitions that cannot be written out.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const badRepetition: Rule = {
  id: "S44",
  name: "bad-repetition",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a `~SEQ` or `~LST` cannot be written out",
  explanation: [
    "`~SEQ(NAME, [START, [STEP,]] END) rest` repeats the rest of the line for numbers, `~SEQx` for hexadecimal",
    "ones, `~LST(NAME, VALUE, ...) rest` for values, `~LST({A, B}, {1, 2}, {3, 4}) rest` for several at a time.",
    "Numbers are integers; the step is not 0 and leads to the end; values hold no blanks and no quotes.",
    "",
    "keepalived ignores a line that says otherwise. More than 100,000 rounds are refused as well: nobody means them,",
    "and keepalived would take all memory for them.",
  ].join("\n"),
  bad: [
    instanceWith(`virtual_ipaddress_excluded {
    ~SEQ(N, 5, 1, 2) 192.0.2.\${N}
}`),
    instanceWith(`virtual_ipaddress_excluded {
    ~LST(N, 5 6) 192.0.2.\${N}
}`),
  ],
  good: [
    instanceWith(`virtual_ipaddress_excluded {
    ~SEQ(N, 20, 22) 192.0.2.\${N}/24
}`),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
