// Weighted trackers of a member of a sync group.

import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { groupOf } from "./sync-groups.ts";
import { isWeighted, type Tracker, trackerName, trackersOf } from "./trackers.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const tracking = instanceWith("track_interface {\n    eth1 weight -20\n}");
const group = (line: string): string =>
  `vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n${line}}\n${tracking}${instanceWith("", "VI_2", 18)}`;

export const weightInSyncGroup: Rule = {
  id: "V17",
  name: "weight-in-sync-group",
  severity: "warning",
  scope: "file",
  check,
  title: "a weight has no effect in a sync group",
  explanation: [
    "The members of a sync group change together, so a priority that one of them lowers for itself would tear",
    "the group apart. Weighted trackers of a member are therefore ignored, without a word in the log: the",
    "check fails, and nothing happens.",
    "",
    "Track without weight (failure puts the whole group into FAULT), or write `sync_group_tracking_weight`",
    "into the group and give all members the same priorities and weights.",
  ].join("\n"),
  bad: [group("")],
  good: [group("    sync_group_tracking_weight\n"), tracking],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  for (const { name, section } of instancesOf(configuration)) {
    const group = groupOf(configuration, name);
    if (group === undefined || group.weighted) continue;
    // A group of one is taken apart, and its member is on its own.
    if (group.members.filter(({ instance }) => instance !== undefined).length < 2) continue;
    const member = group.members.find((other) => other.name === name);
    for (const tracker of trackersOf(configuration, section))
      if (isWeighted(tracker) && !isPlainFile(tracker))
        report(tracker.weightSpan ?? tracker.span, {
          message: `\`${name}\` is in a sync group, where the weight of ${trackerName(tracker)} does not count`,
          related: [{ span: member?.span ?? group.span, label: `a member of \`${group.name}\`` }],
          effect: "nothing happens when it fails",
          fix: `track without weight, or add \`sync_group_tracking_weight\` to \`${group.name}\``,
          ...(tracker.kind === "interface"
            ? {
                stock: `(${name}) ignoring ${tracker.name} tracked interface weight due to SYNC group`,
              }
            : {}),
        });
  }
}

/** A file for which no weight is written has one nevertheless. */
function isPlainFile({ kind, weightSpan }: Tracker): boolean {
  return kind === "file" && weightSpan === undefined;
}
