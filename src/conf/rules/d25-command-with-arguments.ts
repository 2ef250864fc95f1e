// A check command with arguments.

import { sectionWith } from "./ldirectord-texts.ts";
import type { Rule } from "./rule.ts";

export const commandWithArguments: Rule = {
  id: "D25",
  name: "command-with-arguments",
  severity: "warning",
  scope: "file",
  check: "reader",
  title: "a check command with arguments",
  explanation: [
    "ldirectord calls the program of an external check without a shell, and takes all of `checkcommand` for",
    "its path. With arguments behind it there is no such file, and all servers are down.",
    "",
    "Keelson calls the program with these arguments, followed by the four that every external check gets.",
    "While ldirectord may read the file again, put the arguments into a script.",
  ].join("\n"),
  bad: [sectionWith("checktype=external\n\tcheckcommand=/usr/local/bin/probe --deep")],
  good: [sectionWith("checktype=external\n\tcheckcommand=/usr/local/bin/probe")],
  sources: ["https://manpages.debian.org/bookworm/ldirectord/ldirectord.8.en.html"],
};
