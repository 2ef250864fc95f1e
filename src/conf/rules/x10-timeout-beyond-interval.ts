// A script that may run for longer than the time until its next run.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { scriptWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const timeoutBeyondInterval: Rule = {
  id: "X10",
  name: "timeout-beyond-interval",
  severity: "warning",
  scope: "file",
  check,
  title: "a script may hang for longer than its interval",
  explanation: [
    "A script is judged when it ends. One that hangs, because what it asks hangs, is killed after its",
    "`timeout` and counts as failed; runs that fall due until then are skipped. With `interval 2` and",
    "`timeout 30` a service that stops answering is found out after 30 s (times `fall`), not after two.",
    "",
    "Let `timeout` be less than `interval`. Without the keyword the interval counts, which is fine. A long",
    "timeout is right only for a check that needs the time when all is well.",
  ].join("\n"),
  bad: [scriptWith('script "/usr/local/bin/check"\ninterval 2\ntimeout 30')],
  good: [
    scriptWith('script "/usr/local/bin/check"\ninterval 5\ntimeout 3'),
    scriptWith('script "/usr/local/bin/check"\ninterval 5'),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/535",
    "https://github.com/acassen/keepalived/issues/946",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const { value, section } of configuration.scripts) {
    const timeout = settingOf(section, "timeout");
    const { timeoutMs, intervalMs, fall } = value;
    if (timeout === undefined || timeoutMs <= intervalMs) continue;
    const interval = settingOf(section, "interval");
    const worst =
      fall > 1 ? `up to ${fall} times ${seconds(timeoutMs)}` : `up to ${seconds(timeoutMs)}`;
    report(spanAt(timeout.line, 0), {
      message: `\`${value.name}\` may run for ${seconds(timeoutMs)}, its interval is ${seconds(intervalMs)}`,
      ...(interval === undefined
        ? {}
        : {
            related: [
              { span: spanAt(interval.line, 0), label: "runs that fall due meanwhile are skipped" },
            ],
          }),
      effect: `a check that hangs is found out after ${worst}`,
      fix: "make the timeout less than the interval",
    });
  }
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
