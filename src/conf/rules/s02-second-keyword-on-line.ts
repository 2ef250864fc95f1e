// Two keywords on one line.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const secondKeywordOnLine: Rule = {
  id: "S02",
  name: "second-keyword-on-line",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a second keyword on one line is lost",
  explanation: [
    "A line holds one keyword. What follows its arguments is dropped without a word, also when it is a",
    "keyword itself: in `garp_master_delay 1 garp_master_repeat 2` the repetition stays at its default of 5.",
    "keepalived and `keepalived -t` are silent about it.",
    "",
    "Write each keyword on a line of its own. Keelson keeps to what keepalived does, because a pair of which",
    "one node is moved already must not differ; `keelson check --fix` splits the line.",
  ].join("\n"),
  bad: [
    instanceWith("garp_master_delay 1 garp_master_repeat 2"),
    instanceWith("nopreempt advert_int 2"),
  ],
  good: [instanceWith("garp_master_delay 1\ngarp_master_repeat 2")],
  sources: ["https://github.com/voxpupuli/puppet-keepalived/pull/30"],
};
