// state MASTER without priority.

import { spanAt } from "../keepalived/reading.ts";
import { settingOf } from "../keepalived/section.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const bare = instanceWith("").replace(/ *priority 100\n/, "");

export const masterWithoutPriority: Rule = {
  id: "V62",
  name: "master-without-priority",
  severity: "warning",
  scope: "file",
  check,
  title: "state MASTER without priority makes the node the owner",
  explanation: [
    "The priority is 100 when none is written, except beside `state MASTER`: there it is 255, which means",
    "that the node owns the address. Such a node takes over at once, ignores nopreempt and delays, and no",
    "weight can move the address away from it.",
    "",
    "Write a priority, for instance 150 here and 100 on the other node.",
  ].join("\n"),
  bad: [bare.replace("BACKUP", "MASTER")],
  good: [instanceWith("").replace("BACKUP", "MASTER"), bare],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const state = settingOf(section, "state");
    if (state?.line.words[1]?.text !== "MASTER") continue;
    if (settingOf(section, "priority") !== undefined) continue;
    report(spanAt(state.line, 0), {
      message: "`state MASTER` without `priority` makes the priority 255",
      effect: `\`${name}\` owns the address: it takes over at once and ignores weights`,
      fix: "add `priority`, for instance 150",
    });
  }
}
