// A comment that puts aside what Keelson cannot run with.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const suppressionOfWhatStops: Rule = {
  id: "C04",
  name: "suppression-of-what-stops",
  severity: "advice",
  scope: "file",
  check: "reader",
  title: "a comment cannot put aside what stops the start",
  explanation: [
    "A comment puts aside what is said about a file, not what the file does. This finding says that",
    "Keelson cannot run the file: its structure is uncertain, or a value is missing that others rely",
    "on. Were it put aside, the check would pass and the start would fail.",
    "",
    "Mend the line and remove the comment.",
  ].join("\n"),
  bad: [instanceWith("# keelson-disable-next-line S21 comes with the next release\npriority")],
  good: [
    instanceWith("# keelson-disable-next-line S16 the old director writes it so\nstate master"),
  ],
  sources: [],
};
