// L52: a page whose path does not begin with a slash.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { httpCheckWith } from "./example-texts.ts";
import { replaceWord } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachUrl } from "./written-virtual-servers.ts";

export const pathWithoutSlash: Rule = {
  id: "L52",
  name: "path-without-slash",
  severity: "warning",
  scope: "file",
  check,
  title: "the path of a page does not begin with a slash",
  explanation: [
    "The path goes into the request as it is written: `GET health HTTP/1.0`. RFC 9112 wants it to begin with a slash, and",
    "most servers answer anything else with 400 Bad Request, which takes the server out.",
    "",
    "Write `path /health`. `check --fix` adds the slash.",
  ].join("\n"),
  bad: [httpCheckWith("path health")],
  good: [httpCheckWith("path /health")],
  sources: ["https://www.rfc-editor.org/rfc/rfc9112#section-3.2"],
};

function check(configuration: Configuration, report: Report): void {
  eachUrl(configuration, (url) => {
    const setting = settingOf(url, "path");
    const path = setting?.values[0];
    if (setting === undefined || typeof path !== "string" || /^[/$]|^https?:/.test(path)) return;
    report(spanAt(setting.line, 1), {
      message: `\`${path}\` does not begin with a slash`,
      effect: "most servers answer such a request with 400, and the check fails",
      fix: `write \`/${path}\``,
      ...replaceWord(configuration, setting, 1, `/${path}`),
    });
  });
}
