// A directive that exists no longer.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const droppedDirective: Rule = {
  id: "D14",
  name: "dropped-directive",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a directive that exists no longer",
  explanation: [
    "`timeout` and `connecttimeout` are from ldirectord's first years. ldirectord reads its file once at the",
    "start and refuses all of it because of one such line; at a reload it keeps what runs. Keelson does the",
    "same.",
    "",
    "A connection, a ping and a program may take `checktimeout`; an answer to a question `negotiatetimeout`.",
    "Where only one of them is written it counts for both.",
  ].join("\n"),
  bad: [
    "timeout=3\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
    sectionWith("connecttimeout=3"),
  ],
  good: [
    "checktimeout=3\nvirtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate\n\tchecktype=connect\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
