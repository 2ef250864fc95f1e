// A list without entries.

import { spanAt } from "../keepalived/reading.ts";
import { instanceWith } from "./example-texts.ts";
import { notableSettings } from "./notable-settings.ts";
import type { Configuration, Report, Rule } from "./rule.ts";

export const emptyBlock: Rule = {
  id: "S39",
  name: "empty-block",
  severity: "warning",
  scope: "file",
  check,
  title: "a list between braces has no entry",
  explanation: [
    "`notification_email`, `track_script`, `group`, `virtual_routes` and the like list values between braces, one",
    "a line. With none of them the block says nothing: nobody gets mail, nothing is tracked, a sync group has",
    "no member. A template whose list was empty, or entries that are all comments, are the usual causes.",
    "",
    "Add the entries, or remove the block. Empty lists of addresses and of peers are judged by V29 and V35.",
  ].join("\n"),
  bad: [
    `global_defs {\n    notification_email {\n    }\n}\n${instanceWith("")}`,
    instanceWith("track_interface {\n    # eth1\n}"),
  ],
  good: [instanceWith("track_interface {\n    eth1\n}")],
  sources: [],
};

/** Lists that have a rule of their own. */
const judgedElsewhere: ReadonlySet<string> = new Set(["virtual_ipaddress", "unicast_peer"]);

function check(configuration: Configuration, report: Report): void {
  for (const { setting } of notableSettings(configuration.root)) {
    const { spec, line, entries } = setting;
    if (entries === undefined || entries.length > 0 || line.block === undefined) continue;
    if (judgedElsewhere.has(spec.name)) continue;
    report(spanAt(line, 0), {
      message: `\`${spec.name}\` is empty`,
      effect: "it says nothing",
      fix: "add what it was to list, or remove it",
      // keepalived says nothing about other empty lists.
      ...(spec.name === "notification_email"
        ? { stock: "Warning - empty notification_email block" }
        : {}),
    });
  }
}
