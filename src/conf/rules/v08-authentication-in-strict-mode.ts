// authentication, which the strict mode does not allow.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, strictSetting, versionOf } from "./vrrp-blocks.ts";

const password = "authentication {\n    auth_type PASS\n    auth_pass secret\n}";

export const authenticationInStrictMode: Rule = {
  id: "V08",
  name: "authentication-in-strict-mode",
  severity: "warning",
  scope: "file",
  check,
  title: "authentication has no effect in strict mode",
  explanation: [
    "vrrp_strict keeps to RFC 3768, which has no authentication: the block is ignored and adverts carry no",
    "password. A peer without vrrp_strict that has the same block drops such adverts, and both become MASTER.",
    "The sample that Debian ships has both, one below the other.",
    "",
    "Choose one: remove vrrp_strict, which few networks need, or the block, on all nodes at once.",
  ].join("\n"),
  bad: [instanceWith(`strict_mode\n${password}`)],
  good: [instanceWith(password)],
  sources: ["https://www.rfc-editor.org/rfc/rfc3768#section-10"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section } = instance;
    const setting = settingOf(section, "authentication");
    const strict = strictSetting(configuration, section);
    if (setting === undefined || strict === undefined) continue;
    // Version 3 has none in any case, which is another rule's.
    if (versionOf(configuration, instance) === 3) continue;
    report(spanAt(setting.line, 0), {
      message: "the strict mode has no authentication",
      related: [{ span: spanAt(strict.line, 0), label: "strict because of this" }],
      effect:
        "keepalived sends no password; a peer that wants one drops the adverts and becomes MASTER too",
      fix: `remove \`${strict.spec.name}\`, or the block on all nodes`,
      stock: `(${name}) Strict mode does not support authentication. Ignoring.`,
    });
  }
}
