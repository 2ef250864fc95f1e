// A number that cannot be meant.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const numberOutOfRange: Rule = {
  id: "D07",
  name: "number-out-of-range",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a number that cannot be meant",
  explanation: [
    "A time or a count of 0, a port beyond 65535, a firewall mark of 0: some of them ldirectord refuses,",
    "others it passes on, and then ipvsadm or the kernel refuses the virtual server while ldirectord goes on",
    "as if it were there.",
    "",
    "Keelson refuses what is out of range before it runs, so that a file either works as a whole or not at",
    "all. Weights are the exception: the largest one counts.",
  ].join("\n"),
  bad: [
    sectionWith("checktimeout=0"),
    sectionWith("checkport=70000"),
    sectionWith("real=198.51.100.2:80 gate 70000"),
  ],
  good: [sectionWith("checktimeout=1\n\tcheckport=65535")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
