// `~` for a home folder, in a command that no shell reads.

import { splitCommand } from "../keepalived/lower/command.ts";
import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { commandsOf } from "./script-commands.ts";

export const homeInCommand: Rule = {
  id: "X31",
  name: "home-in-command",
  severity: "error",
  scope: "file",
  check,
  title: "`~` is not replaced by a home folder",
  explanation: [
    "It is the shell that replaces `~/` by the home folder of its user. Here no shell reads the command: there",
    "is no program `~/check.sh`, the script never starts, and its tracking is dropped or always failed. The",
    "daemon has no home folder worth the name either.",
    "",
    "Write the whole path, in a folder that only root may write.",
  ].join("\n"),
  bad: [scriptWith('script "~/check.sh"'), scriptWith('script "/bin/sh ~/check.sh"')],
  good: [
    scriptWith('script "/usr/local/bin/check.sh"'),
    scriptWith("script \"/bin/sh -c '~/check.sh'\""),
  ],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { text, quoted, span } of commandsOf(configuration)) {
    const words = quoted ? splitCommand(text) : [text];
    if (words.includes("-c") || !words.some((word) => /^~[a-z_]*\//.test(word))) continue;
    report(span, {
      message: "`~` stands for no home folder here",
      effect: "there is no file of that name, and the script does not run",
      fix: "write the whole path",
    });
  }
}
