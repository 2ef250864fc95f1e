// A keyword that is read and kept, and that changes nothing yet.

import type { Rule } from "./rule.ts";

export const keywordNotActedOn: Rule = {
  id: "K01",
  name: "keyword-not-acted-on",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "Keelson reads this keyword and does not act on it yet",
  explanation: [
    "The keyword is one of keepalived's, its arguments are checked, and its value is kept; but no part of",
    "Keelson uses it so far. The finding says what that means at run time where it is not obvious. Nothing is",
    "wrong with the file.",
    "",
    "`keelson check --coverage FILE` lists all such keywords of a file. Do not move a node to Keelson that",
    "depends on one of them.",
  ].join("\n"),
  bad: [],
  good: [],
  sources: [],
};
