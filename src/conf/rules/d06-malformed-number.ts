// A number that is none, or more than one.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const malformedNumber: Rule = {
  id: "D06",
  name: "malformed-number",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a number that is none, or more than one",
  explanation: [
    "ldirectord takes the first digits that it finds in a value: `3s` is 3, `2.5` is 2, and `-5` is 5,",
    "without a word. Keelson reads the same number and says so. Where there is no digit at all, both refuse",
    "the file.",
    "",
    "Write whole seconds, without a unit.",
  ].join("\n"),
  bad: [sectionWith("negotiatetimeout=2.5"), sectionWith("failurecount=twice")],
  good: [sectionWith("negotiatetimeout=2")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
