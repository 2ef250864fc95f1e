// A word in the place of a keyword that the block does not have.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unknownKeyword: Rule = {
  id: "S01",
  name: "unknown-keyword",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a word that is no keyword of its block",
  explanation: [
    "The first word of a line is its keyword. A word that the block does not know is ignored together",
    "with its arguments, and with its block if it has one: the daemon runs with the default of what was",
    "meant. `prioritiy 150` leaves the instance at priority 100, and the wrong node becomes MASTER.",
    "keepalived does the same with one line in its log, and only `keepalived -t` has a status that says so.",
    "",
    "Mostly it is a typo, and the finding names the nearest keyword of that block. `key=value` and",
    "`key: value` belong to other programs: here a blank stands between a keyword and its value. Letter case",
    "counts. When the word is right, the line may stand in the wrong block (S15), or a `}` above it may",
    "have closed the block too early.",
    "",
    "Keelson starts with such a file and logs the finding: as an error where a keyword is near, as a warning where",
    "none is, since prose and keywords of other versions look like that. It is fine only while the same file",
    "also serves a newer keepalived that knows a keyword more.",
  ].join("\n"),
  bad: [
    instanceWith("nopremept"),
    instanceWith("advert_int=1"),
    instanceWith("garp_master_delay: 5"),
  ],
  good: [instanceWith("nopreempt"), instanceWith("advert_int 1")],
  sources: [
    "https://github.com/acassen/keepalived/issues/297",
    "https://github.com/acassen/keepalived/issues/341",
  ],
};
