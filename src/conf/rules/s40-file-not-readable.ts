// Configurations that cannot be read.

import { instanceWith } from "./example-texts.ts";
import type { Rule } from "./rule.ts";

export const fileNotReadable: Rule = {
  id: "S40",
  name: "file-not-readable",
  severity: "error",
  scope: "file",
  check: "reader",
  title: "the configuration cannot be read",
  explanation: [
    "The file that was named does not exist, may not be read, is a directory, or is no regular file: a pipe that",
    "nobody writes to would be waited for without end. `/dev/stdin` and `/dev/fd/N` are read all the same.",
    "",
    "At the start this ends the daemon; at a reload it keeps what runs.",
  ].join("\n"),
  bad: [],
  good: [instanceWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};
