// Marks of a template that nobody filled in.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const templateLeft: Rule = {
  id: "S32",
  name: "template-left",
  severity: "warning",
  scope: "file",
  check,
  title: "a mark of a template was not replaced",
  explanation: [
    "`{{ name }}`, `{% if %}` and `<%= name %>` are marks of Jinja, Go, Mustache or ERB that the tool which writes",
    "the file should have replaced. keepalived takes the braces for those of blocks, so that the rest of the file is",
    "read at the wrong level; what the checker says about the lines below may be an echo of that.",
    "",
    "Look at the tool that writes the file, and check its output instead of its source. A file for",
    "people to fill in is no mistake.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("priority 100", "priority {{ priority }}"),
    `{% if backup %}\n${instanceWith("")}{% endif %}\n`,
  ],
  good: [
    instanceWith("# priority {{ priority }}"),
    instanceWith('notify_master "/usr/local/bin/tell {{x}} <y>"').replace(
      /^/,
      "global_defs {\n    script_user root\n    enable_script_security\n}\n",
    ),
  ],
  sources: [],
};

const marks = /\{\{.*?\}\}|\{%.*?%\}|<%.*?%>/;

function check(configuration: Configuration, report: Report): void {
  for (const [file, text] of configuration.sources) {
    if (!text.includes("{{") && !text.includes("{%") && !text.includes("<%")) continue;
    for (const [i, line] of text.split("\n").entries()) {
      // A sign without its end would be looked for from each place of a long line.
      if (!/\}\}|%\}|%>/.test(line)) continue;
      const found = marks.exec(outsideQuotes(line));
      if (found === null) continue;
      const [mark] = found;
      report(
        { file, line: i + 1, column: found.index + 1, length: mark.length },
        {
          message: `\`${mark}\` is a mark of a template that was not replaced`,
          effect:
            "its braces are taken for those of a block, and what follows is read at the wrong level",
          fix: "check what the template tool writes, not its source",
        },
      );
    }
  }
}

/** The line without its comment, and with blanks in the place of what stands between quotes. */
function outsideQuotes(line: string): string {
  return line.replace(/"[^"]*"?|[#!].*/g, (piece) => " ".repeat(piece.length));
}
