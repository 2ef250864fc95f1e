// Marks of a template that nobody filled in.

import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import { plainWords } from "./plain-words.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const templateLeft: Rule = {
  id: "S32",
  name: "template-left",
  severity: "error",
  scope: "file",
  check,
  title: "a mark of a template was not replaced",
  explanation: [
    "`{{ name }}`, `{% if %}` and `<%= name %>` are marks of Jinja, Go, Mustache or ERB that the tool which writes",
    "the file should have replaced; `<interface>` is one that a person should have. keepalived takes the braces for",
    "those of blocks, so that the rest of the file is read at the wrong level.",
    "",
    "Look at the tool that writes the file, and check its output instead of its source. Keelson does not start",
    "with braces of a template in the file.",
  ].join("\n"),
  bad: [
    instanceWith("").replace("priority 100", "priority {{ priority }}"),
    instanceWith("").replace("interface eth0", "interface <interface>"),
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
    if (!text.includes("{{") && !text.includes("{%") && !text.includes("<")) continue;
    for (const [i, line] of text.split("\n").entries()) {
      const place = { file, line: i + 1 };
      const found = marks.exec(outsideQuotes(line));
      if (found !== null)
        reportMark(
          { ...place, column: found.index + 1, length: found[0].length },
          found[0],
          report,
        );
      else if (line.includes("<")) checkPlaceholder(line, place, report);
    }
  }
}

/** The line without its comment, and with blanks in the place of what stands between quotes. */
function outsideQuotes(line: string): string {
  return line.replace(/"[^"]*"?|[#!].*/g, (piece) => " ".repeat(piece.length));
}

function reportMark(span: Span, mark: string, report: Report): void {
  report(span, {
    message: `\`${mark}\` is a mark of a template that was not replaced`,
    effect:
      "its braces are taken for those of a block, and what follows is read at the wrong level",
    fix: "check what the template tool writes, not its source",
    stops: true,
  });
}

function checkPlaceholder(
  line: string,
  place: { readonly file: string; readonly line: number },
  report: Report,
): void {
  for (const { text, column } of plainWords(line))
    if (/^<[A-Za-z][\w.:-]*>$/.test(text))
      report(
        { ...place, column, length: text.length },
        {
          severity: "warning",
          message: `\`${text}\` is a placeholder that was not replaced`,
          effect: "it is taken as it stands",
          fix: "write the value that it stands for",
        },
      );
}
