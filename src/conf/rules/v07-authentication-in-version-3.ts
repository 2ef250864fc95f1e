// authentication, which VRRP version 3 does not have.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { globalSetting, instancesOf, versionOf } from "./vrrp-blocks.ts";

const password = "authentication {\n    auth_type PASS\n    auth_pass secret\n}";

export const authenticationInVersion3: Rule = {
  id: "V07",
  name: "authentication-in-version-3",
  severity: "warning",
  scope: "file",
  check,
  title: "authentication has no effect in VRRP version 3",
  explanation: [
    "RFC 5798 took authentication out of the protocol: packets of version 3 have no field for a password. The",
    "block is read and ignored, and who wrote it believes to be protected. An IPv6 instance always has",
    "version 3.",
    "",
    "Remove the block, and keep strangers out with a packet filter that takes protocol 112 only from the",
    "peers, or with unicast_peer. keepalived 2.4 and later have auth_hmac, which signs adverts of both",
    "versions.",
  ].join("\n"),
  bad: [instanceWith(`version 3\n${password}`)],
  good: [instanceWith(password), instanceWith("version 3")],
  sources: [
    "https://www.rfc-editor.org/rfc/rfc5798#section-9",
    "https://github.com/acassen/keepalived/issues/2546",
    "https://github.com/acassen/keepalived/issues/1895",
  ],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section } = instance;
    const setting = settingOf(section, "authentication");
    if (setting === undefined || versionOf(configuration, instance) !== 3) continue;
    const why =
      settingOf(section, "version") ??
      (instance.value?.family === 6 ? undefined : globalSetting(configuration, "vrrp_version"));
    report(spanAt(setting.line, 0), {
      message: "VRRP version 3 has no authentication",
      ...(why === undefined
        ? {}
        : { related: [{ span: spanAt(why.line, 0), label: "the version is set here" }] }),
      effect: `the adverts of \`${name}\` carry no password, and none is asked for`,
      fix: "remove the block; let a packet filter take protocol 112 from the peers only",
      stock: `(${name}) VRRP version 3 does not support authentication. Ignoring.`,
    });
  }
}
