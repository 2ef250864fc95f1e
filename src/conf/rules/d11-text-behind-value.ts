// Words or blanks stand behind a value.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const textBehindValue: Rule = {
  id: "D11",
  name: "text-behind-value",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "words or blanks stand behind a value",
  explanation: [
    "Behind some values ldirectord skips what it does not need: in `gate -w 5` the `-w` means nothing, and",
    "the weight is 5. Behind others it takes all of the line for the value: a blank or a comment behind `yes`",
    "makes a value that is neither `yes` nor `no`, and ldirectord does not start.",
    "",
    "Keelson reads the value and skips the rest. Remove it; put comments of global directives on lines of",
    "their own.",
  ].join("\n"),
  bad: [
    "autoreload=yes # watch it\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
    sectionWith("real=198.51.100.2:80 gate -w 5"),
    sectionWith("quiescent=yes "),
  ],
  good: [sectionWith("real=198.51.100.2:80 gate 5")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
