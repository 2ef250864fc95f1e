// A sync group with fewer than two members.

import { spanAt } from "../keepalived/reading.ts";
import type { RelatedSpan } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type SyncGroup, syncGroupsOf } from "./sync-groups.ts";

const group = (members: string, lines = ""): string =>
  `vrrp_sync_group G {\n    group {\n${members}    }\n${lines}}\n${instanceWith("")}${instanceWith("", "VI_2", 18)}`;

export const smallSyncGroup: Rule = {
  id: "V45",
  name: "small-sync-group",
  severity: "warning",
  scope: "file",
  check,
  title: "a sync group has fewer than two members",
  explanation: [
    "A group keeps several instances on one node. keepalived removes one with a single member or none, and",
    "with it what stands in it: its notify scripts never run, and what it tracks is not tracked.",
    "",
    "Move `notify_*`, `smtp_alert` and `track_*` into the instance and remove the group, or name the other",
    "members.",
  ].join("\n"),
  bad: [group("        VI_1\n"), group("")],
  good: [group("        VI_1\n        VI_2\n")],
  sources: ["https://github.com/acassen/keepalived/issues/594"],
};

function check(configuration: Configuration, report: Report): void {
  for (const group of syncGroupsOf(configuration)) {
    const { name, span, members } = group;
    if (members.some((member) => member.name.includes("$"))) continue;
    const existing = new Set(
      members.filter(({ instance }) => instance !== undefined).map((member) => member.name),
    );
    if (existing.size >= 2) continue;
    const lost = lostWith(group);
    const [first] = lost;
    report(span, {
      message:
        existing.size === 0
          ? `the sync group \`${name}\` has no member`
          : `the sync group \`${name}\` has only one member`,
      related: lost,
      effect:
        first === undefined
          ? "the group is removed"
          : "the group is removed, and with it what stands in it: no script of it ever runs",
      fix:
        first === undefined
          ? "remove the group, or name the other members"
          : "move these lines into the instance, or name the other members",
      stock:
        existing.size === 0
          ? `Sync group ${name} has no virtual router(s). removing`
          : `Sync group ${name} has only 1 virtual router(s) - this probably isn't what you want`,
    });
  }
}

function lostWith({ section }: SyncGroup): readonly RelatedSpan[] {
  return section.settings
    .filter(({ spec }) => /^(notify|track_|smtp_alert)/.test(spec.name))
    .map(({ line }) => ({ span: spanAt(line, 0), label: "has no effect here" }));
}
