// A word in a line of values that is no option of it.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unknownOption: Rule = {
  id: "S30",
  name: "unknown-option",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a word in a line of values that is none of its options",
  explanation: [
    "Addresses, routes, rules, peers and tracked names stand one a line, each with options behind it:",
    "`192.0.2.10/24 dev eth0 label eth0:1`. A word that is no option is ignored, and so may be what follows it:",
    "with `192.0.2.10/24 devv eth1` the address is put on the interface of the instance, not on eth1.",
    "",
    "Correct the word, or put a second value on a line of its own. A comma is no separator.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("/24", "/24 devv eth1"),
    instanceWith("track_interface {\n    eth1 wieght 10\n}"),
  ],
  good: [
    instanceWith("").replace("/24", "/24 dev eth1"),
    instanceWith("track_interface {\n    eth1 weight 10\n}"),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};
