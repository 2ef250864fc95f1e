// Thresholds of a real server that ldirectord misreads.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const thresholdsMisread: Rule = {
  id: "D26",
  name: "thresholds-misread",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "thresholds of a real server that ldirectord misreads",
  explanation: [
    "The thresholds are written as `l:5 u:10`: without quotes, and the lower one first. The form with `<` and",
    "quotes in the manual is refused, quotes alone make them a request and an answer, and `u:` in front of",
    "`l:` is lost, upon which the kernel refuses the server while the log says that it was added.",
    "",
    "Keelson reads both numbers in every form. Write the one that works with both.",
  ].join("\n"),
  bad: [
    sectionWith("real=198.51.100.2:80 gate 1 u:10 l:5"),
    sectionWith('real=198.51.100.2:80 gate 1 "l:5" "u:10"'),
  ],
  good: [sectionWith("real=198.51.100.2:80 gate 1 l:5 u:10")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
