// A value that its directive does not know.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const unknownWord: Rule = {
  id: "D05",
  name: "unknown-word",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "a value that its directive does not know",
  explanation: [
    "Many directives take one word of a list, in lower case. ldirectord reads its file once at the start and",
    "refuses all of it because of one such line; at a reload it keeps what runs. Keelson does the same.",
    "",
    "Two words are an exception. For a scheduler that nobody knows ldirectord starts, and ipvsadm then",
    "refuses the virtual server; Keelson uses wrr. For a `service` that nobody knows, which patched copies of",
    "ldirectord have, Keelson tries a connection.",
  ].join("\n"),
  bad: [
    sectionWith("checktype=conect"),
    sectionWith("quiescent=maybe"),
    sectionWith("service=pingpong"),
    sectionWith("real=198.51.100.2:80 dr"),
  ],
  good: [sectionWith("quiescent=yes")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
