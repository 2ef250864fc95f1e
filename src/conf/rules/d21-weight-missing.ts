// One server has no weight where others have one.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const weightMissing: Rule = {
  id: "D21",
  name: "weight-missing",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "one server has no weight where others have one",
  explanation: [
    "A real server without a number behind its forwarding method has weight 1. Beside servers of weight 100",
    "it gets one client of a hundred and one, which looks like a server that does not work.",
    "",
    "Write its weight. Where all servers of a virtual server lack one they are equal, and nothing is said.",
  ].join("\n"),
  bad: [sectionWith("real=198.51.100.2:80 gate 100")],
  good: [
    "virtual=192.0.2.10:80\n\treal=198.51.100.1:80 gate 100\n\treal=198.51.100.2:80 gate 100\n\tchecktype=connect\n",
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
