// version 2 in an IPv6 instance.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const six = (lines: string): string => instanceWith(lines).replace("192.0.2.17/24", "fe80::17/64");

export const version2ForIpv6: Rule = {
  id: "V64",
  name: "version-2-for-ipv6",
  severity: "warning",
  scope: "file",
  check,
  title: "VRRP version 2 has no IPv6",
  explanation: [
    "Version 2 is defined for IPv4 only (RFC 3768). The instance runs with version 3, whatever is written,",
    "and with it come hundredths of seconds and no authentication.",
    "",
    "Write `version 3`, or leave it out.",
  ].join("\n"),
  bad: [six("version 2")],
  good: [six("version 3"), instanceWith("version 2")],
  sources: ["https://www.rfc-editor.org/rfc/rfc5798#section-1.1"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { section, value } of instancesOf(configuration)) {
    const version = settingOf(section, "version");
    if (value?.family !== 6 || String(version?.values[0]) !== "2" || version === undefined)
      continue;
    report(spanAt(version.line, 0), {
      message: "VRRP version 2 has no IPv6",
      effect: "version 3 counts",
      fix: "write `version 3`",
      edits: [{ span: spanAt(version.line, 1), newText: "3" }],
    });
  }
}
