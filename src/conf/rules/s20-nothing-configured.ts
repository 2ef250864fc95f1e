// A file that asks for nothing.

import { keywordOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

/** Blocks for which the daemon does something all the time. */
const running: ReadonlySet<string> = new Set([
  "vrrp_instance",
  "virtual_server",
  "bfd_instance",
  "static_ipaddress",
  "static_routes",
  "static_rules",
]);

export const nothingConfigured: Rule = {
  id: "S20",
  name: "nothing-configured",
  severity: "warning",
  scope: "file",
  check,
  title: "a file defines nothing to run",
  explanation: [
    "There is neither a vrrp_instance nor a virtual_server in what was read: the daemon starts, stays up, and",
    "does nothing, and everybody who looks at the unit sees it active. keepalived is silent about it.",
    "",
    "The file may be empty because a template was not filled in, an `include` may match nothing (S13), or",
    "everything may stand behind `@id` conditions of another node (S18). It is fine for a file that is only",
    "included by others.",
  ].join("\n"),
  bad: ["", "global_defs {\n    router_id lb1\n}\n"],
  good: [instanceWith("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const { root, file } = configuration;
  if (root.settings.some((setting) => running.has(keywordOf(setting)))) return;
  report(
    { file, line: 1, column: 1, length: 0 },
    {
      message: "there is neither a vrrp_instance nor a virtual_server",
      effect: "the daemon runs and does nothing",
      fix: "define one, or see whether an include or a condition leaves out what does",
    },
  );
}
