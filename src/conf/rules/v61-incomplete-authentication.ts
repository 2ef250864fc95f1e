// authentication without type or password.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf, isKnown, versionOf } from "./vrrp-blocks.ts";

const block = (lines: string): string => instanceWith(`authentication {\n${lines}}`);

export const incompleteAuthentication: Rule = {
  id: "V61",
  name: "incomplete-authentication",
  severity: "warning",
  scope: "file",
  check,
  title: "authentication lacks its type or its password",
  explanation: [
    "Both `auth_type` and `auth_pass` are needed. With one of them alone the adverts carry no authentication,",
    "and a peer that has both drops them: both nodes are MASTER.",
    "",
    "Complete the block on all nodes, or remove it from all of them.",
  ].join("\n"),
  bad: [block("    auth_type PASS\n"), block("    auth_pass secret\n")],
  good: [
    block("    auth_type PASS\n    auth_pass secret\n"),
    block("    auth_type AH\n    auth_pass secret\n"),
    instanceWith(""),
  ],
  sources: ["https://www.rfc-editor.org/rfc/rfc2338#section-5.3.6"],
};

function check(configuration: Configuration, report: Report): void {
  for (const instance of instancesOf(configuration)) {
    const { name, section } = instance;
    const setting = settingOf(section, "authentication");
    const block = setting?.section;
    // Version 3 has none in any case, which is another rule's.
    if (setting === undefined || block === undefined) continue;
    if (versionOf(configuration, instance) === 3 || !isKnown(block, "auth_type")) continue;
    const type = settingOf(block, "auth_type");
    const password = settingOf(block, "auth_pass");
    const effect =
      "adverts carry no password; a peer that wants one drops them and becomes MASTER too";
    if (password === undefined)
      report(spanAt(setting.line, 0), {
        message: `the authentication of \`${name}\` has no \`auth_pass\``,
        effect,
        fix: "add `auth_pass`, the same on all nodes, or remove the block",
        stock: `(${name}) Authentication specified but no password given. Ignoring`,
      });
    else if (type === undefined)
      report(spanAt(setting.line, 0), {
        message: `the authentication of \`${name}\` has no \`auth_type\``,
        effect,
        fix: "add `auth_type PASS`, or remove the block",
      });
  }
}
