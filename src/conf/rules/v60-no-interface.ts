// An instance without interface.

import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

export const noInterface: Rule = {
  id: "V60",
  name: "no-interface",
  severity: "error",
  scope: "file",
  check,
  title: "an instance has no interface",
  explanation: [
    "`interface` says where adverts go out and, unless an address says otherwise with `dev`, where the",
    "addresses are added. An instance without it is left out, and the others run. keepalived does without one",
    "only for unicast with `unicast_src_ip`; Keelson wants it there too.",
    "",
    "Add `interface` with the name that `ip link` shows.",
  ].join("\n"),
  bad: [instanceWith("").replace(/ *interface eth0\n/, "")],
  good: [instanceWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, span, section } of instancesOf(configuration)) {
    if (settingOf(section, "interface") !== undefined) continue;
    report(span, {
      message: `the instance \`${name}\` has no \`interface\``,
      effect: "the instance is left out; the others run",
      fix: "add `interface` with the name of the interface on which the peers are",
      stock: `(${name}) Unknown interface!`,
    });
  }
}
