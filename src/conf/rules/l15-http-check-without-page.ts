// L15: an HTTP check that asks for nothing.

import { spanAt } from "../keepalived/reading.ts";
import { keywordOf, type Section, type Setting } from "../keepalived/section.ts";
import { httpCheckWith, virtualServerCheckedBy } from "./example-texts.ts";
import { insertLines } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck, httpChecks } from "./written-virtual-servers.ts";

export const httpCheckWithoutPage: Rule = {
  id: "L15",
  name: "http-check-without-page",
  severity: "error",
  scope: "file",
  check,
  title: "an HTTP_GET or SSL_GET has no `url` with a `path`",
  explanation: [
    "An HTTP check asks for the pages that its `url` blocks name with `path`. Without one there is nothing to ask for.",
    "keepalived 2.2.7 says so and then dies of a segmentation fault, also under `-t`; versions after it leave the check",
    "out, so that the server counts as alive for ever. Keelson does not start with such a file.",
    "",
    "Add a `url` block with a `path`, one keyword a line. Without `status_code` any answer from 200 to 299 will do.",
  ].join("\n"),
  bad: [
    virtualServerCheckedBy("HTTP_GET {\n    connect_timeout 3\n}"),
    httpCheckWith("status_code 200"),
  ],
  good: [httpCheckWith("path /health")],
  sources: ["https://github.com/acassen/keepalived/issues/701"],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, httpChecks, ({ setting, section }) => {
    judge(configuration, setting, section, report);
  });
}

function judge(
  configuration: Configuration,
  setting: Setting,
  section: Section,
  report: Report,
): void {
  let urls = 0;
  for (const url of section.settings) {
    if (keywordOf(url) !== "url") continue;
    urls++;
    if (url.section?.settings.some((inner) => keywordOf(inner) === "path") !== false) continue;
    report(spanAt(url.line, 0), {
      message: "this `url` has no `path`",
      effect: "there is nothing to ask the server for",
      fix: "add `path /`",
      ...insertLines(configuration, url, ["path /"]),
      stops: true,
      stock: "HTTP/SSL_GET checker url has no path - ignoring",
    });
  }
  if (urls > 0) return;
  report(spanAt(setting.line, 0), {
    message: `this ${setting.spec.name} has no \`url\` with a \`path\``,
    effect: "there is nothing to ask the server for",
    fix: "add `url { path / }` on lines of their own",
    ...insertLines(configuration, setting, ["url {", "\tpath /", "}"]),
    stops: true,
    stock: "HTTP/SSL_GET checker has no urls specified - ignoring",
  });
}
