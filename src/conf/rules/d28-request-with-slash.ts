// A request of a real server begins with a slash.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const requestWithSlash: Rule = {
  id: "D28",
  name: "request-with-slash",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a request of a real server begins with a slash",
  explanation: [
    "A real server may have its own request and answer. When the request begins with `/`, ldirectord loses",
    "the answer and the thresholds behind it: it asks for the page, and compares with the answer of the",
    "virtual server.",
    "",
    "Keelson reads all of the line. Leave the slash out, it is added in any case; then both read the same.",
  ].join("\n"),
  bad: [
    sectionWith(
      'checktype=negotiate\n\tservice=http\n\treal=198.51.100.2:80 gate 1 "/alive", "OK"',
    ),
  ],
  good: [
    sectionWith('checktype=negotiate\n\tservice=http\n\treal=198.51.100.2:80 gate 1 "alive", "OK"'),
  ],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
