// A line of an ldirectord.cf that is indented where it may not be.

import type { Rule } from "./rule.ts";

export const wrongIndentation: Rule = {
  id: "D02",
  name: "wrong-indentation",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a line of an ldirectord.cf that is indented where it may not be",
  explanation: [
    "Indentation is what makes a section: the lines of a virtual server are indented with a tab or with at",
    "least four blanks, and everything else begins at the beginning of its line. An empty line ends the",
    "section. ldirectord reads its file once at the start and refuses all of it because of one such line; at",
    "a reload it keeps what runs. Keelson does the same.",
    "",
    "Indent with a tab. Where lines are to be set apart within a section, write a line with only `#`; a line",
    "of blanks is none.",
  ].join("\n"),
  bad: [
    "virtual=192.0.2.10:80\n  real=198.51.100.1:80 gate\n",
    "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n\n\tscheduler=rr\n",
  ],
  good: [
    "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n\t#\n\tscheduler=rr\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
