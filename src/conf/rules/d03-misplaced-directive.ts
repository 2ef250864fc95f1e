// A directive that does not belong where it stands.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const misplacedDirective: Rule = {
  id: "D03",
  name: "misplaced-directive",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a directive that does not belong where it stands",
  explanation: [
    "Some directives are of the whole file, some of one virtual server, and those with a `6` at their end",
    "belong to `virtual6`. ldirectord does not know a directive in the wrong place. ldirectord reads its file",
    "once at the start and refuses all of it because of one such line; at a reload it keeps what runs.",
    "Keelson does the same.",
    "",
    "Move the line: global ones to the beginning of a line in front of the first `virtual=`, those of a",
    "virtual server under it, indented.",
  ].join("\n"),
  bad: [
    sectionWith("autoreload=yes"),
    "scheduler=rr\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
    "virtual6=[2001:db8::10]:80\n\treal=198.51.100.1:80 gate\n",
  ],
  good: [
    "autoreload=yes\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
