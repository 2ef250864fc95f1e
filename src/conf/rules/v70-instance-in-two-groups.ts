// An instance in two sync groups, or twice in one.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { type GroupMember, type SyncGroup, syncGroupsOf } from "./sync-groups.ts";

const group = (name: string, members: readonly string[]): string =>
  `vrrp_sync_group ${name} {\n    group {\n${members.map((member) => `        ${member}\n`).join("")}    }\n}\n`;
const instances = [17, 18, 19].map((vrid, i) => instanceWith("", `VI_${i + 1}`, vrid)).join("");

export const instanceInTwoGroups: Rule = {
  id: "V70",
  name: "instance-in-two-groups",
  severity: "error",
  scope: "file",
  check,
  title: "an instance is a member of two sync groups",
  explanation: [
    "A sync group moves its members together; an instance that two groups move would join them into one.",
    "keepalived leaves it out of the second, which may then have too few members and be removed.",
    "",
    "Make one group of the two, or take the instance out of one.",
  ].join("\n"),
  bad: [group("G", ["VI_1", "VI_2"]) + group("H", ["VI_2", "VI_3", "VI_1"]) + instances],
  good: [group("G", ["VI_1", "VI_2"]) + instances],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const seen = new Map<string, { group: SyncGroup; member: GroupMember }>();
  for (const group of syncGroupsOf(configuration))
    for (const member of group.members) {
      const before = seen.get(member.name);
      if (before === undefined) {
        seen.set(member.name, { group, member });
        continue;
      }
      const twice = before.group === group;
      report(member.span, {
        ...(twice ? { severity: "warning" } : {}),
        message: twice
          ? `\`${member.name}\` is listed twice`
          : `\`${member.name}\` is a member of \`${before.group.name}\` already`,
        related: [{ span: before.member.span, label: "first here" }],
        effect: twice ? "it counts once" : `\`${group.name}\` runs without it`,
        fix: twice ? "remove one of the two" : "make one group of the two, or remove the name here",
        ...(twice
          ? {}
          : {
              stock: `Virtual router ${member.name} cannot exist in more than one sync group; ignoring ${group.name}`,
            }),
      });
    }
}
