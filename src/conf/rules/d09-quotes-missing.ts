// A text that needs quotes stands without them.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const quotesMissing: Rule = {
  id: "D09",
  name: "quotes-missing",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a text that needs quotes stands without them",
  explanation: [
    "`request`, `receive`, `login`, `passwd`, `database`, `secret`, `callback` and `logfile` want their text",
    "between quotes. Without them ldirectord does not know the line and does not start.",
    "",
    "What is meant is plain, so Keelson reads the text as it stands. Add the quotes all the same while",
    "ldirectord may read the file again.",
  ].join("\n"),
  bad: [
    sectionWith("checktype=negotiate\n\trequest=index.html"),
    "logfile=/var/log/l.log\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
  ],
  good: [sectionWith('checktype=negotiate\n\trequest="index.html"')],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
