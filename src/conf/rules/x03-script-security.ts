// Scripts that run as root, without a check of who may write them.

import { settingOf } from "../keepalived/section.ts";
import type { Edit } from "../text/diagnostic.ts";
import { instanceWith, securedScripts } from "./example-texts.ts";
import { insertLines } from "./propose-edits.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { commandsOf } from "./script-commands.ts";

export const scriptSecurity: Rule = {
  id: "X03",
  name: "script-security",
  severity: "warning",
  scope: "file",
  check,
  title: "scripts run without `enable_script_security`",
  explanation: [
    "Scripts run as root unless a user is named or the account keepalived_script exists. A script that somebody",
    "else may write, or whose folder somebody else may write, is then root's key under the door mat.",
    "With `enable_script_security` such a script does not run. Without it keepalived warns of a security",
    "violation, and `keepalived -t` ends with status 6, which stops many a deployment.",
    "",
    "Add both lines to `global_defs`: `script_user root` (or better: a user that may do just what the scripts",
    "do), and `enable_script_security`. A script that no longer runs then was writable by others: give it",
    "and the folders above it to root, without write permission for the group and others.",
  ].join("\n"),
  bad: [
    instanceWith('notify_master "/usr/local/bin/tell master"'),
    `global_defs {
    router_id lb1
}
${instanceWith('notify_master "/usr/local/bin/tell master"')}`,
  ],
  good: [
    `${securedScripts}\n${instanceWith('notify_master "/usr/local/bin/tell master"')}`,
    instanceWith(""),
  ],
  sources: [
    "https://github.com/acassen/keepalived/issues/742",
    "https://github.com/acassen/keepalived/issues/901",
  ],
};

function check(configuration: Configuration, report: Report): void {
  const [first, ...others] = commandsOf(configuration);
  if (first === undefined) return;
  const globals = configuration.root.settings.filter(({ spec }) => spec.name === "global_defs");
  const has = (keyword: string): boolean =>
    globals.some(
      ({ section }) => section !== undefined && settingOf(section, keyword) !== undefined,
    );
  if (has("enable_script_security")) return;
  const missing = ["enable_script_security"];
  if (!has("script_user")) missing.unshift("script_user root");
  const edits = linesFor(configuration, missing);
  const count = others.length === 0 ? "" : `, and ${others.length} more below`;
  report(first.span, {
    message: "scripts run without `enable_script_security`",
    label: `runs whoever may write it${count}`,
    effect: "a script that others than root may write runs with all rights",
    fix: `add ${missing.map((line) => `\`${line}\``).join(" and ")} to \`global_defs\``,
    ...(edits.length === 0 ? {} : { edits }),
    stock: "SECURITY VIOLATION - scripts are being executed but script_security not enabled.",
  });
}

/** The lines in front of the first one of `global_defs`, or in a block of their own at the top of the file. */
function linesFor(configuration: Configuration, lines: readonly string[]): readonly Edit[] {
  const globals = configuration.root.settings.find(({ spec }) => spec.name === "global_defs");
  if (globals === undefined) {
    const span = { file: configuration.file, line: 1, column: 1, length: 0 };
    const inside = lines.map((line) => `    ${line}\n`).join("");
    return [{ span, newText: `global_defs {\n${inside}}\n\n` }];
  }
  return insertLines(configuration, globals, lines).edits ?? [];
}
