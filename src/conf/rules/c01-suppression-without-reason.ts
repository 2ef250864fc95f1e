// A comment that puts a finding aside and does not say why.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const suppressionWithoutReason: Rule = {
  id: "C01",
  name: "suppression-without-reason",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a comment puts a finding aside without saying why",
  explanation: [
    "A comment such as `# keelson-disable-next-line S16 REASON` puts one finding aside. Whoever reads",
    "the file after you sees the comment and not the finding: the reason is all that they have to judge",
    "by whether it still holds. So a comment without a reason does not count, and the finding stays.",
    "",
    "Write the reason behind the id. `keelson-disable-line` speaks for its own line,",
    "`keelson-disable-next-line` for the next one with something on it, `keelson-disable-file` for the",
    "whole file. Several ids are separated by commas.",
  ].join("\n"),
  bad: [instanceWith("# keelson-disable-next-line S16\nstate master")],
  good: [
    instanceWith("# keelson-disable-next-line S16 the old director writes it so\nstate master"),
    instanceWith("state master # keelson-disable-line unknown-value written by a template"),
  ],
  sources: [],
};
