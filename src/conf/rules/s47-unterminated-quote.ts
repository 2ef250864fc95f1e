// Quotes without an end.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const unterminatedQuote: Rule = {
  id: "S47",
  name: "unterminated-quote",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a quote is not closed on its line",
  explanation: [
    "A quoted word ends on its line. keepalived drops the word and reads on, and its 2.2.7 crashes on scripts that",
    "miss their quote. Ordinary words are quoted with `\"` only, and nothing escapes it there; in commands `'` quotes",
    "as well, and a backslash escapes.",
    "",
    "Close the quote. Keelson does not start with such a file: the value is not what anybody wrote.",
  ].join("\n"),
  bad: [instanceWith('notify_master "/usr/bin/notify master'), instanceWith('interface "eth1')],
  good: [instanceWith("notify_master \"/usr/bin/notify 'to master'\"")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
