// A range of real servers that cannot be counted.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const badRange: Rule = {
  id: "D20",
  name: "bad-range",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a range of real servers that cannot be counted",
  explanation: [
    "A range goes from one IPv4 address to a higher one, both included. ldirectord reads its file once at the",
    "start and refuses all of it because of one such line; at a reload it keeps what runs. Keelson does the",
    "same.",
    "",
    "ldirectord compares the numbers behind addresses as texts. A range over 59.154.202.0, or one of the",
    "other places where that number gets a digit more, gives it no servers or too many; there Keelson counts",
    "right and only gives advice. Split the range while ldirectord may read the file again.",
  ].join("\n"),
  bad: [sectionWith("real=198.51.100.9->198.51.100.2:80 gate")],
  good: [sectionWith("real=198.51.100.2->198.51.100.9:80 gate")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
