// `raise` for `rise`.

import { scriptWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const raiseForRise: Rule = {
  id: "X12",
  name: "raise-for-rise",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "the keyword is `rise`, not `raise`",
  explanation: [
    "How many successes in a row bring a script up again is `rise`; `raise` is the most frequent typo of the",
    "field. The line is ignored and a single success counts: a service that flaps takes the address with it",
    "back and forth.",
    "",
    "Write `rise`; `keelson check --fix` does it.",
  ].join("\n"),
  bad: [scriptWith('script "/usr/local/bin/check"\ninterval 2\nfall 2\nraise 3')],
  good: [scriptWith('script "/usr/local/bin/check"\ninterval 2\nfall 2\nrise 3')],
  sources: ["https://github.com/acassen/keepalived/issues/535"],
};
