// A comment that puts aside what does not exist.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const suppressionOfUnknownRule: Rule = {
  id: "C02",
  name: "suppression-of-unknown-rule",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a comment puts a rule aside that does not exist",
  explanation: [
    "A comment such as `# keelson-disable-next-line S16 REASON` names the rule whose finding it puts",
    "aside, by its id or its name. This one names neither: a letter is missing, or the reason stands",
    "where the id belongs. The comment does not count.",
    "",
    "`keelson check --list-rules` shows all ids and names.",
  ].join("\n"),
  bad: [instanceWith("# keelson-disable-next-line S99 written by a template\n")],
  good: [
    instanceWith("# keelson-disable-next-line S16 the old director writes it so\nstate master"),
    instanceWith("# keelson-disable-file V32 the interface comes with the tunnel"),
  ],
  sources: [],
};
