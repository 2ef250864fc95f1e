// What an instance and its sync group both track.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { syncGroupsOf } from "./sync-groups.ts";
import { trackerName, trackersOf } from "./trackers.ts";

const group = (lines: string): string =>
  `vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n${lines}}\n${instanceWith("track_interface {\n    eth1\n}")}${instanceWith("", "VI_2", 18)}`;

export const trackedTwice: Rule = {
  id: "V76",
  name: "tracked-twice",
  severity: "warning",
  scope: "file",
  check,
  title: "an instance and its sync group track the same",
  explanation: [
    "What a group tracks holds for all of its members. A member that tracks the same counts it twice, and",
    "keepalived asks for one of the lines to be removed.",
    "",
    "Leave it to the group, or to the instance when the others do not need it: a fault of a member is one of",
    "the group in any case.",
  ].join("\n"),
  bad: [group("    track_interface {\n        eth1\n    }\n")],
  good: [group("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const group of syncGroupsOf(configuration)) {
    const common = trackersOf(configuration, group.section);
    if (common.length === 0) continue;
    for (const { instance } of group.members) {
      if (instance === undefined) continue;
      for (const tracker of trackersOf(configuration, instance.section)) {
        const { kind, name } = tracker;
        const other = common.find((one) => one.kind === kind && one.name === name);
        // The own interface is ignored in any case, and another rule's.
        if (other === undefined || (kind === "interface" && name === instance.value?.interface))
          continue;
        report(tracker.span, {
          message: `${trackerName(tracker)} is tracked by \`${instance.name}\` and by its group \`${group.name}\``,
          related: [{ span: other.span, label: "for all members here" }],
          effect: "it counts twice for this instance",
          fix: "remove one of the lines",
          ...(kind === "interface"
            ? {
                stock: `(${instance.name}) track_interface ${name} is configured on VRRP instance and sync group. Remove vrrp instance or sync group config`,
              }
            : {}),
        });
      }
    }
  }
}
