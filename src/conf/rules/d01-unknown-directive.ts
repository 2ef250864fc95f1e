// A line of an ldirectord.cf that is no directive.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const unknownDirective: Rule = {
  id: "D01",
  name: "unknown-directive",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a line of an ldirectord.cf that is no directive",
  explanation: [
    "A word that ldirectord does not know is no detail that it skips. ldirectord reads its file once at the",
    "start and refuses all of it because of one such line; at a reload it keeps what runs. Keelson does the",
    "same.",
    "",
    "Write the name that the finding suggests; a remark begins with `#`, on each of its lines. A line of text",
    "without `=` is often the second line of a comment.",
  ].join("\n"),
  bad: [sectionWith("chekctype=connect"), sectionWith("checktype connect")],
  good: [sectionWith("checktype=connect")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
