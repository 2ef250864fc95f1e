// A sync group that names an instance which does not exist.

import { hasParameter } from "../keepalived/reading.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { instanceWith } from "./example-texts.ts";
import type { Configuration, Report, Rule } from "./rule.ts";
import { syncGroupsOf } from "./sync-groups.ts";
import { instancesOf } from "./vrrp-blocks.ts";

const group = (second: string): string =>
  `vrrp_sync_group G {\n    group {\n        VI_1\n        ${second}\n    }\n}\n${instanceWith("")}${instanceWith("", "VI_2", 18)}`;

export const unknownGroupMember: Rule = {
  id: "V44",
  name: "unknown-group-member",
  severity: "error",
  scope: "file",
  check,
  title: "a sync group names an instance that does not exist",
  explanation: [
    "The name is dropped, and the instance that was meant is on its own: when one of a pair of instances",
    "moves, inside and outside of a gateway for instance, the other one stays. With only one member left the",
    "whole group is removed, and its notify scripts never run.",
    "",
    "Write the name as it stands behind `vrrp_instance`, letter case and all; the finding names the nearest",
    "one.",
  ].join("\n"),
  bad: [group("VI_3")],
  good: [group("VI_2")],
  sources: ["https://www.keepalived.org/manpage.html"],
};

function check(configuration: Configuration, report: Report): void {
  const names = instancesOf(configuration).map(({ name }) => name);
  for (const group of syncGroupsOf(configuration)) {
    const listed = new Set(group.members.map(({ name }) => name));
    for (const { name, span, instance } of group.members) {
      if (instance !== undefined || hasParameter(name)) continue;
      const near = nearestWord(
        name,
        names.filter((other) => !listed.has(other)),
      );
      report(span, {
        message: `there is no vrrp_instance named \`${name}\``,
        ...(near === undefined ? {} : { label: `did you mean \`${near}\`?` }),
        effect: `the group \`${group.name}\` runs without it`,
        fix: near === undefined ? "remove the name, or define the instance" : `write \`${near}\``,
        ...(near === undefined ? {} : { edits: [{ span, newText: near }] }),
        stock: `Virtual router ${name} specified in sync group ${group.name} doesn't exist - ignoring`,
      });
    }
  }
}
