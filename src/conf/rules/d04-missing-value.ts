// A directive without its value.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const missingValue: Rule = {
  id: "D04",
  name: "missing-value",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a directive without its value",
  explanation: [
    "A line ends where its value should stand, or lacks its `=`. ldirectord reads its file once at the start",
    "and refuses all of it because of one such line; at a reload it keeps what runs. Keelson does the same.",
    "",
    "A real server needs its forwarding method behind the address, and a request of its own needs the answer",
    "beside it: neither has a default. A template that fills in an empty variable is the usual cause.",
  ].join("\n"),
  bad: [sectionWith("checktype"), sectionWith('request=""'), sectionWith("real=198.51.100.2:80")],
  good: [sectionWith('request="index.html"\n\tchecktype=negotiate')],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
