// A directive that better is not written.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const directiveOutOfUse: Rule = {
  id: "D13",
  name: "directive-out-of-use",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a directive that better is not written",
  explanation: [
    "`checkcount` was the number of attempts of a ping check and has given way to `failurecount`, which all",
    "checks have; `load` is read and used by nothing; `supervised` without a value is an old spelling.",
    "",
    "ldirectord takes them, some with a warning in its log. Write what took their place, or remove the line.",
  ].join("\n"),
  bad: [
    sectionWith("checkcount=3"),
    "supervised\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
  ],
  good: [sectionWith("failurecount=3")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
