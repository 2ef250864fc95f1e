// A keyword without the value that it needs.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const missingArgument: Rule = {
  id: "S21",
  name: "missing-argument",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a keyword stands without its argument",
  explanation: [
    "This is the one mistake that keepalived does not forgive: its process ends at once. At the start the unit",
    "fails; at a reload the running daemon ends too, and the virtual addresses that it held stay on the",
    "interface while the other node takes them as well.",
    "",
    "Keelson refuses the file, and a reload keeps what runs. Write the value behind the keyword, on the same",
    "line, or remove the line; the finding names what is missing. A template that fills in an empty variable",
    "is the usual cause.",
  ].join("\n"),
  bad: [instanceWith("advert_int"), instanceWith("").replace("priority 100", "priority")],
  good: [instanceWith("advert_int 1")],
  sources: [
    "https://github.com/acassen/keepalived/issues/1707",
    "https://github.com/acassen/keepalived/issues/1789",
  ],
};
