// Unicast in strict mode.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, isUnicast, strictSetting } from "./vrrp-blocks.ts";

const peers = "unicast_src_ip 192.0.2.1\nunicast_peer {\n    192.0.2.2\n}";

export const strictUnicast: Rule = {
  id: "V39",
  name: "strict-unicast",
  severity: "warning",
  scope: "file",
  check,
  title: "the strict mode does not allow unicast",
  explanation: [
    "The RFC knows adverts by multicast only. keepalived 2.2.7 says nothing at its check and does not run",
    "such an instance as it is written; since 2.4 it complains and disables the instance.",
    "",
    "Remove `vrrp_strict` (or `strict_mode`): unicast is common where networks drop multicast, and needs no",
    "strictness.",
  ].join("\n"),
  bad: [instanceWith(`strict_mode\n${peers}`)],
  good: [instanceWith(peers)],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const strict = strictSetting(configuration, section);
    const setting = settingOf(section, "unicast_peer");
    if (strict === undefined || setting === undefined || !isUnicast(section)) continue;
    report(spanAt(setting.line, 0), {
      message: "the strict mode does not allow unicast",
      related: [{ span: spanAt(strict.line, 0), label: "strict because of this" }],
      effect: `keepalived may disable \`${name}\`, and later versions do`,
      fix: `remove \`${strict.spec.name}\``,
    });
  }
}
