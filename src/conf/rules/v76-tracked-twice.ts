// What an instance and its sync group both track.

import { spanAt } from "../keepalived/reading.ts";
import { type Section, settingsOf } from "../keepalived/section.ts";
import type { Span } from "../text/diagnostic.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { syncGroupsOf } from "./sync-groups.ts";
import { trackerName, trackersOf } from "./trackers.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const group = (lines: string): string =>
  `vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n${lines}}\n${instanceWith("track_interface {\n    eth1\n}")}${instanceWith("", "VI_2", 18)}`;

export const trackedTwice: Rule = {
  id: "V76",
  name: "tracked-twice",
  severity: "warning",
  scope: "file",
  check,
  title: "something is tracked twice by an instance, or by it and its sync group",
  explanation: [
    "What a group tracks holds for all of its members. A member that tracks the same counts it twice, and",
    "keepalived asks for one of the lines to be removed.",
    "",
    "Leave it to the group, or to the instance when the others do not need it: a fault of a member is one of",
    "the group in any case. Of two lines for one name in the same block only the first counts.",
  ].join("\n"),
  bad: [
    group("    track_interface {\n        eth1\n    }\n"),
    instanceWith("track_interface {\n    eth1\n    eth1 weight -20\n}"),
  ],
  good: [group("")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

const lists = ["track_script", "track_interface", "track_process", "track_file", "track_bfd"];

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of [...instancesOf(configuration), ...syncGroupsOf(configuration)])
    for (const keyword of lists) checkList(name, section, keyword, report);
  checkGroups(configuration, report);
}

/** Lines of one block that name the same. */
function checkList(owner: string, section: Section, keyword: string, report: Report): void {
  const first = new Map<string, Span>();
  for (const { entries = [] } of settingsOf(section, keyword))
    for (const { line } of entries) {
      const name = line.text(0) ?? "";
      const before = first.get(name);
      if (before === undefined) first.set(name, spanAt(line, 0));
      else
        report(spanAt(line, 0), {
          message: `\`${name}\` stands twice in \`${keyword}\``,
          related: [{ span: before, label: "this one counts" }],
          effect: "the line is ignored",
          fix: "remove one of the lines",
          stock: `(${owner}) duplicate ${keyword} ${name} - ignoring`,
        });
    }
}

function checkGroups(configuration: Configuration, report: Report): void {
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
