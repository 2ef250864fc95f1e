// A word that is none of those that the keyword takes.

import { instanceWith, virtualServerWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unknownValue: Rule = {
  id: "S16",
  name: "unknown-value",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a value that its keyword does not know",
  explanation: [
    "Some keywords take one word of a list, and letter case counts. Another word is replaced by a default that",
    "is seldom what was meant: `state master` starts as BACKUP, `lb_kind dr` balances by NAT, so that real",
    "servers on another route never answer. keepalived says so in its log and runs.",
    "",
    "Write the word as the finding spells it; `keelson check --fix` does it where one word is near. Keelson",
    "keeps to keepalived's default until then, so that a pair does not change its ways while it is moved.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("state BACKUP", "state master"),
    virtualServerWith("").replace("lb_kind NAT", "lb_kind dr"),
  ],
  good: [instanceWith("").replace("state BACKUP", "state MASTER"), virtualServerWith("")],
  sources: [
    "https://github.com/acassen/keepalived/issues/2108",
    "https://github.com/acassen/keepalived/issues/341",
  ],
};
