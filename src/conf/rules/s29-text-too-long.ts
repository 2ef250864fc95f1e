// A text that is longer than what is kept of it.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const textTooLong: Rule = {
  id: "S29",
  name: "text-too-long",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a text is longer than its keyword takes",
  explanation: [
    "Names of interfaces have at most 15 bytes, labels of addresses too, names of processes as well: the",
    "kernel keeps no more. keepalived refuses the line or cuts the text, and what is cut may be the very part",
    "in which two names differ.",
    "",
    "Write a shorter text. Bytes count, not letters: a letter outside ASCII takes two to four of them.",
  ].join("\n"),
  bad: [instanceWith("").replace("interface eth0", "interface bond-frontend-public.100")],
  good: [instanceWith("").replace("interface eth0", "interface bond0.100")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
