// Words that a person was to replace.

import { instanceWith } from "./example-texts.ts";
import { linesWith, plainWords } from "./plain-words.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const placeholderLeft: Rule = {
  id: "S38",
  name: "placeholder-left",
  severity: "warning",
  scope: "file",
  check,
  title: "a placeholder of the documentation was not replaced",
  explanation: [
    "`<interface>`, `CHANGEME` and the like stand in manuals and samples where a value of the site belongs. The",
    "daemon takes them as they are: an interface of that name does not exist, and a password that everybody",
    "can read in the sample is none.",
    "",
    "Write the value that is meant. In comments and between quotes the words are not reported.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("interface eth0", "interface <interface>"),
    instanceWith("authentication {\n    auth_type PASS\n    auth_pass CHANGEME\n}"),
  ],
  good: [
    instanceWith("# interface <interface>"),
    instanceWith("authentication {\n    auth_type PASS\n    auth_pass changes\n}"),
  ],
  sources: [],
};

const placeholder =
  /^(<[A-Za-z][\w.:-]*>|CHANGE_?ME|REPLACE_?ME|YOUR_[A-Z_]+|%[A-Z][A-Z_]+%|@@?[A-Z][A-Z_]+@@?|__[A-Z][A-Z_]+__)$/;

/** What every placeholder has in it. */
const sign = /<[A-Za-z]|CHANGE_?ME|REPLACE_?ME|YOUR_|%[A-Z]|@[A-Z]|__[A-Z]/g;

function check(configuration: Configuration, report: Report): void {
  for (const [file, text] of configuration.sources) {
    for (const found of linesWith(text, sign)) {
      for (const { text: word, column } of plainWords(found.text)) {
        if (!placeholder.test(word)) continue;
        report(
          { file, line: found.line, column, length: word.length },
          {
            message: `\`${word}\` is a placeholder that was not replaced`,
            effect: "it is taken as it stands",
            fix: "write the value that it stands for",
          },
        );
      }
    }
  }
}
