// A comment that puts nothing aside.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const suppressionWithoutUse: Rule = {
  id: "C03",
  name: "suppression-without-use",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a comment puts aside what is not found",
  explanation: [
    "The rule that the comment names has nothing to say about the line, or the file. Often the line was",
    "mended and the comment stayed. It would hide the same mistake when it comes back.",
    "",
    "Remove the comment. Rules about several nodes speak only when the files of several nodes are",
    "judged together; comments for them are not called useless before.",
  ].join("\n"),
  bad: [
    instanceWith("# keelson-disable-next-line S16 the old director writes it so\nstate MASTER"),
  ],
  good: [
    instanceWith("# keelson-disable-next-line S16 the old director writes it so\nstate master"),
    instanceWith("# keelson-disable-file V14 the peer has priority 50"),
  ],
  sources: [],
};
