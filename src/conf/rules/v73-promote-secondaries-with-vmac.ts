// promote_secondaries beside use_vmac.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const promoteSecondariesWithVmac: Rule = {
  id: "V73",
  name: "promote-secondaries-with-vmac",
  severity: "advice",
  scope: "file",
  check,
  title: "promote_secondaries stands beside use_vmac",
  explanation: [
    "`promote_secondaries` keeps the other addresses of a subnet when the first one is removed. On an",
    "interface that `use_vmac` makes it is set in any case, and keepalived complains about the line.",
    "",
    "Remove `promote_secondaries`. Nothing else changes.",
  ].join("\n"),
  bad: [instanceWith("use_vmac\npromote_secondaries")],
  good: [instanceWith("promote_secondaries"), instanceWith("use_vmac")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const setting = settingOf(section, "promote_secondaries");
    const vmac = settingOf(section, "use_vmac");
    if (setting === undefined || vmac === undefined) continue;
    report(spanAt(setting.line, 0), {
      message: "`promote_secondaries` is set for virtual MAC interfaces in any case",
      related: [{ span: spanAt(vmac.line, 0), label: "because of this" }],
      effect: "the line is ignored",
      fix: "remove the line",
      stock: `(${name}) promote_secondaries is automatically set for vmacs - ignoring`,
    });
  }
}
