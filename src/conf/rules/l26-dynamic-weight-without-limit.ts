// L26: keepalived adds up the weights of scripts that time out.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { virtualServerCheckedBy } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { eachCheck } from "./written-virtual-servers.ts";

const scriptChecks: ReadonlySet<string> = new Set(["MISC_CHECK"]);

export const dynamicWeightWithoutLimit: Rule = {
  id: "L26",
  name: "dynamic-weight-without-limit",
  severity: "warning",
  scope: "file",
  check,
  title: "keepalived raises the weight each time a `misc_dynamic` script times out",
  explanation: [
    "With `misc_dynamic` the exit status of a script is the weight of its server. In keepalived's releases until September",
    "2026 a script that is killed after its `misc_timeout` leaves its old weight in the sum, to which the next result is",
    "added: the weight grows with every timeout and never shrinks, until one server gets nearly all connections.",
    "",
    "Let the script keep its own time, shorter than `misc_timeout`, and end with a status even when what it asks hangs:",
    "`timeout 3 curl ...` inside it does that. A director that runs Keelson alone is not concerned.",
  ].join("\n"),
  bad: [
    virtualServerCheckedBy(
      'MISC_CHECK {\n    misc_path "/usr/local/bin/load"\n    misc_timeout 5\n    misc_dynamic\n}',
    ),
  ],
  good: [
    virtualServerCheckedBy(
      'MISC_CHECK {\n    misc_path "/usr/local/bin/load"\n    misc_timeout 5\n}',
    ),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/2720",
    "https://github.com/acassen/keepalived/pull/2721",
  ],
};

function check(configuration: Configuration, report: Report): void {
  eachCheck(configuration, scriptChecks, ({ section }) => {
    const dynamic = settingOf(section, "misc_dynamic");
    const timeout = settingOf(section, "misc_timeout");
    if (dynamic === undefined || timeout === undefined) return;
    report(spanAt(dynamic.line, 0), {
      message: "the weight grows each time this script times out, with keepalived until 2.4.3",
      related: [{ span: spanAt(timeout.line, 0), label: "the script is killed after it" }],
      effect: "after some timeouts the server gets more connections than all others",
      fix: "let the script end by itself in less than its `misc_timeout`",
    });
  });
}
