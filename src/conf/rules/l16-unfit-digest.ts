// L16: a digest that no body has, or that a page changes under. The reader of values finds the wrong lengths.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { httpCheckWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachUrl } from "./written-virtual-servers.ts";

const digest = "9b3a0c85a887a256d6939da88aabd8cd";

/** A query, or an ending of programs that write their pages on demand. */
const dynamicPath = /\?|\.(php\d?|phtml|aspx?|jspx?|cgi|pl|do|action)$/i;

export const unfitDigest: Rule = {
  id: "L16",
  name: "unfit-digest",
  severity: "warning",
  scope: "file",
  check,
  title: "a digest that is none, or of a page that changes",
  explanation: [
    "`digest` is the MD5 sum of the whole body, 32 hexadecimal digits. A body that differs by one byte fails the check:",
    "a date, a session or a token in the page takes the server out at every request. A digest of another length is",
    "ignored, and any body passes.",
    "",
    "Ask for a page that a server hands out as it lies on the disk, and take the digest with `curl -s URL | md5sum`.",
    "For pages that a program writes, use `status_code`, or `regex` on the part that does not change.",
  ].join("\n"),
  bad: [
    httpCheckWith(`path /health.html\ndigest 9b3a0c85`),
    httpCheckWith(`path /health.php\ndigest ${digest}`),
  ],
  good: [httpCheckWith(`path /health.html\ndigest ${digest}`), httpCheckWith("path /health.php")],
  sources: ["https://github.com/acassen/keepalived/issues/766"],
};

function check(configuration: Configuration, report: Report): void {
  eachUrl(configuration, (url) => {
    const setting = settingOf(url, "digest");
    if (setting?.values[0] === undefined) return;
    const path = settingOf(url, "path");
    if (path === undefined || !dynamicPath.test(String(path.values[0]))) return;
    report(spanAt(setting.line, 0), {
      message: `\`${path.values[0]}\` looks like a page that a program writes`,
      related: [{ span: spanAt(path.line, 1), label: "the page" }],
      effect: "whenever a byte of it changes, the server is taken out",
      fix: "use `status_code`, or `regex` on what does not change",
    });
  });
}
